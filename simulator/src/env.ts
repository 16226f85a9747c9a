import { z } from 'zod'

export const DEFAULT_PORT = 7710
export const DEFAULT_DATA_DIR = './data/simulator'

const Env = z.object({
  SIYU_SIM_PORT: z.coerce.number().int().min(0).max(65_535).default(DEFAULT_PORT),
  SIYU_SIM_HOST: z.string().min(1).default('127.0.0.1'),
  SIYU_SIM_DATA: z.string().min(1).default(DEFAULT_DATA_DIR),
  /** 0: an empty world, for whoever brings companies of his own. */
  SIYU_SIM_DEMO: z.enum(['0', '1']).default('1'),
  /** Where the world page's 「打开控制台」 leads. */
  SIYU_CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
})

export interface Settings {
  port: number
  host: string
  dataDir: string
  consoleUrl?: string
  demo: boolean
}

/** Names every bad variable and stops the process: a world on the wrong port is worse than none. */
export function readEnv(variables: NodeJS.ProcessEnv): Settings {
  const env = Env.safeParse(variables)
  if (!env.success) {
    for (const { path, message } of env.error.issues) console.error(`${path.join('.')}: ${message}`)
    process.exit(1)
  }
  const {
    SIYU_SIM_PORT: port,
    SIYU_SIM_HOST: host,
    SIYU_SIM_DATA: dataDir,
    SIYU_SIM_DEMO: demo,
    SIYU_CONSOLE_URL: consoleUrl,
  } = env.data
  return { port, host, dataDir, consoleUrl, demo: demo === '1' }
}
