import { WecomError } from '@siyu/wecom/errors'
import { DomainError } from '../../platform/errors.ts'
import type { WorkContext } from '../corps/context.ts'
import type { Failure } from '../corps/health.ts'

/** One missed try may be the network; from the second on people are told. A refusal is told at once. */
const QUIET_TRIES = 1

/** The stable code of a failure, for the health page. */
export function causeOf(error: unknown): string {
  if (error instanceof WecomError) return `wecom.${error.errcode}`
  return error instanceof DomainError ? error.code : 'tags.failed'
}

/** Tells the health page of what a job met; its trouble, if it is over, is closed by `context.health.resolve`. */
export async function reportFailure(
  context: WorkContext,
  corpId: string,
  error: unknown,
  failure: Pick<Failure, 'subject' | 'replay'> & { detail?: Failure['detail']; tries?: number },
): Promise<void> {
  const passing = error instanceof WecomError && error.outcome !== 'refused'
  if (passing && failure.tries !== undefined && failure.tries <= QUIET_TRIES) return
  await context.health.failure(corpId, 'tags', {
    cause: causeOf(error),
    subject: failure.subject,
    replay: failure.replay,
    detail: {
      ...failure.detail,
      ...(error instanceof WecomError
        ? { api: error.api, errcode: error.errcode, hint: error.hint ?? null, ip: error.callerIp ?? null }
        : { reason: error instanceof Error ? error.message.slice(0, 300) : String(error) }),
    },
  })
}
