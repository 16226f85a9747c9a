import { z } from 'zod'

/** What a refused request answers: a stable code, a sentence that says what to do next, the request's id. */
export const Problem = z.object({
  code: z.string(),
  message: z.string(),
  requestId: z.string(),
  fields: z.record(z.string(), z.string()).optional(),
})
export type Problem = z.infer<typeof Problem>

export class DomainError extends Error {
  override name = 'DomainError'
  readonly code: string
  readonly status: number
  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Every code declared so far, for docs/errors.md. */
export const declaredErrors = new Map<string, { status: number; say: (params: never) => string }>()

/** Declares a refusal a caller can act on. Codes are never reused; `docs/errors.md` lists them. */
export function domainError<P = void>(code: string, status: number, say: (params: P) => string) {
  if (declaredErrors.has(code)) throw new Error(`error code ${code} is declared twice`)
  declaredErrors.set(code, { status, say })
  return class extends DomainError {
    constructor(params: P) {
      super(code, status, say(params))
    }
  }
}

export const NotFound = domainError(
  'platform.not_found',
  404,
  (what: { what: string }) => `没有找到这个${what.what}。它可能已被删除，或不属于当前企业。`,
)
export const InvalidRequest = domainError(
  'platform.invalid_request',
  400,
  () => '有内容不符合要求，请按提示修改后再提交。',
)
export const SignInRequired = domainError('platform.sign_in_required', 401, () => '登录已失效，请重新登录。')
export const NotAllowed = domainError('platform.not_allowed', 403, () => '你没有这项权限，请联系企业管理员开通。')
export const ForeignOrigin = domainError(
  'platform.foreign_origin',
  403,
  () => '请求来自别的网站，已拒绝。请从控制台重新操作。',
)
export const TooManyRequests = domainError('platform.too_many_requests', 429, () => '操作太频繁，请过一分钟再试。')
export const TooLarge = domainError('platform.too_large', 413, () => '内容太大，请缩小后再上传。')

export const TableUnreadable = domainError(
  'platform.table_unreadable',
  422,
  (p: { why: string }) =>
    `这个文件读不出来：${p.why}。请在表格软件里「另存为」XLSX 或 CSV（UTF-8、GBK 都可以），再传一次。`,
)
export const TableTooLarge = domainError(
  'platform.table_too_large',
  422,
  (p: { what: string; most: string }) =>
    `这个文件太大：${p.what}，最多 ${p.most}。请拆成几个文件，或删掉用不到的列再传。`,
)
