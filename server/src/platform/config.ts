import { z } from 'zod'

const port = z.coerce.number().int().min(1).max(65_535)
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''))
const flag = z.enum(['0', '1']).transform((value) => value === '1')

/** Every environment variable the server knows. README and docs/zh/configuration.md describe them; nothing else reads the environment. */
const Environment = z.object({
  SIYU_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  SIYU_HOST: z.string().min(1).default('127.0.0.1'),
  SIYU_PORT: port.default(7700),
  SIYU_SIM_PORT: port.default(7710),
  SIYU_DATA_DIR: z.string().min(1).default('data'),
  SIYU_PUBLIC_URL: url.optional(),
  SIYU_ROOT_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits (32 bytes)')
    .refine((key) => new Set(key.toLowerCase()).size >= 8, 'is a sample value: make one with `openssl rand -hex 32`')
    .optional(),
  SIYU_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  SIYU_ADMIN_LOGIN: z.string().min(1).max(64).default('admin'),
  SIYU_ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
  SIYU_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  SIYU_DEMO: flag.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  WECOM_BASE_URL: url.optional(),
  WECOM_CALLS_PER_MINUTE: z.coerce.number().int().min(60).max(10_000_000).default(9_000),
})

export interface Config {
  role: 'all' | 'api' | 'worker'
  host: string
  port: number
  simulatorPort: number
  dataDir: string
  /** Where WeCom and browsers reach us, without a trailing slash. */
  publicUrl: string
  rootKeyHex: string | undefined
  trustedProxies: number
  adminLogin: string
  adminPassword: string | undefined
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** True: the simulator runs beside us and its fictional companies are connected by themselves. */
  demo: boolean
  databaseUrl: string | undefined
  wecomBaseUrl: string
  /** Calls of one WeCom API by one corp; the platform allows 10 000. */
  wecomCallsPerMinute: number
}

export class BadConfiguration extends Error {
  override name = 'BadConfiguration'
}

/** Reads the environment; throws `BadConfiguration` naming every bad variable at once. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new BadConfiguration(`The configuration cannot be used. 配置有误：\n${lines.join('\n')}`)
  }
  const e = parsed.data
  return {
    role: e.SIYU_ROLE,
    host: e.SIYU_HOST,
    port: e.SIYU_PORT,
    simulatorPort: e.SIYU_SIM_PORT,
    dataDir: e.SIYU_DATA_DIR,
    publicUrl: e.SIYU_PUBLIC_URL ?? `http://127.0.0.1:${e.SIYU_PORT}`,
    rootKeyHex: e.SIYU_ROOT_KEY,
    trustedProxies: e.SIYU_TRUSTED_PROXIES,
    adminLogin: e.SIYU_ADMIN_LOGIN,
    adminPassword: e.SIYU_ADMIN_PASSWORD,
    logLevel: e.SIYU_LOG_LEVEL,
    demo: e.SIYU_DEMO ?? e.WECOM_BASE_URL === undefined,
    databaseUrl: e.DATABASE_URL,
    wecomBaseUrl: e.WECOM_BASE_URL ?? `http://127.0.0.1:${e.SIYU_SIM_PORT}`,
    wecomCallsPerMinute: e.WECOM_CALLS_PER_MINUTE,
  }
}
