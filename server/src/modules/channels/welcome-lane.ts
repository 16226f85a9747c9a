import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { Attachment } from '@siyu/wecom/types'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import type { Listener } from '../../platform/listen.ts'
import { cutBytes } from '../../platform/text.ts'
import type { WorkContext } from '../corps/context.ts'
import { welcomePlace } from '../events/intake.ts'
import { fillTemplate, usesVariable } from './template.ts'
import { loadContents, type WelcomeContent } from './welcome-content.ts'
import { createSettler, type Settled, type Settlement } from './welcome-settle.ts'

const CONCURRENCY = 32
/** Notifications come at once; this finds what was said while the connection was cut, what is due again, and the dead. */
const POLL_MS = 500
/** Asking for the name stops at 12 s after the callback (deadline 18 s): better a welcome without it than none. */
const NAME_UNTIL_LEFT_MS = 6_000
const NAME_TIMEOUT_MS = 4_000
/** In place of a name that could not be had in time. */
const NAMELESS = '朋友'
/** A call that starts later than this before the deadline could not be answered before it. */
const LEFT_MIN_MS = 300
/** No call outlives its deadline; a row still `sending` this long after it belongs to a dead process. */
const DEAD_AFTER_MS = 3_000
const AGAIN_MS = 700
/** Bytes: developer.work.weixin.qq.com/document/path/92137, 2026-11. */
const TEXT_BYTES_MAX = 4_000

const ANOTHER_APP_SENDS = 41096
/** Refusals of what goes along, not of the code: without it the same code still works. */
const OF_ATTACHMENTS = new Set([
  40004, 40005, 40006, 40007, 40008, 40009, 40123, 40145, 41064, 41065, 41072, 41080, 41081, 41082, 41088, 41090, 85005,
  90200, 90206, 90207, 90208,
])

export interface ClaimedWelcome {
  corpId: string
  codeHash: Buffer
  codeSealed: Buffer
  externalUserid: string
  userid: string
  stateParam: string | null
  receivedAt: Date
  attempts: number
  leftMs: number
}

export interface WelcomeLane {
  /** Settles when nothing is due; for tests and graceful stops. */
  idle(): Promise<void>
  /** Takes no more, and waits for what is being sent. */
  stop(): Promise<void>
}

/**
 * Sends welcomes: each code at most once, none after its deadline. A row is `sending`, committed, before its call; what a
 * crash leaves there becomes `unknown` and is never sent again (faults.md CB-15).
 */
export function startWelcomeLane(
  context: WorkContext,
  { listener, concurrency = CONCURRENCY }: { listener: Listener; concurrency?: number },
): WelcomeLane {
  const settle = createSettler(context)
  const running = new Set<Promise<void>>()
  let stopped = false
  let looking: Promise<void> | undefined
  let again = false

  const wake = () => {
    if (stopped) return
    if (looking !== undefined) {
      again = true
      return
    }
    again = false
    looking = look()
      .catch((error) => context.log.error({ err: error }, 'claiming welcomes failed'))
      .finally(() => {
        looking = undefined
        if (again) wake()
      })
  }
  const look = async () => {
    const room = concurrency - running.size
    if (room <= 0) return
    const claimed = await claimWelcomes(context.db, room)
    for (const [corpId, tasks] of Map.groupBy(claimed, (task) => task.corpId)) {
      const claimedAt = performance.now()
      const contents = loadContents(context.db, corpId, tasks.map(wantedOf), context.clock.now())
      for (const task of tasks) {
        const work = contents
          .then((all) => sendWelcome(context, task, all.get(keyOf(task)), claimedAt))
          .then(settle)
          .catch((error) =>
            context.log.error({ err: error, corpId }, 'a welcome could not be settled; it will be shown as unknown'),
          )
          .finally(() => {
            running.delete(work)
            wake()
          })
        running.add(work)
      }
    }
  }
  const sweep = () =>
    closeOverdue(context.db)
      .then((overdue) => Promise.all(overdue.map(settle)))
      .catch((error) => context.log.error({ err: error }, 'overdue welcomes could not be closed'))
  const forget = listener.on('siyu_welcome', wake)
  let sweeping: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    wake()
    sweeping = sweeping.then(sweep)
  }, POLL_MS)
  wake()

  return {
    async idle() {
      do {
        if (looking === undefined) wake()
        await looking
        await Promise.all(running)
      } while (looking !== undefined || running.size > 0)
      await sweeping
    },
    async stop() {
      stopped = true
      forget()
      clearInterval(timer)
      await looking
      await Promise.all(running)
      await sweeping
    },
  }
}

/** Takes due tasks, nearest deadline first. One statement, committed before anything is called: two lanes never take the same. */
export async function claimWelcomes(db: Db, limit: number): Promise<ClaimedWelcome[]> {
  const { rows } = await sql<ClaimedWelcome>`
    update welcome_task t set state = 'sending', attempts = t.attempts + 1, not_before = null
    from (select corp_id, code_hash from welcome_task
      where state = 'waiting' and deadline_at > clock_timestamp() + ${LEFT_MIN_MS} * interval '1 millisecond' and (not_before is null or not_before <= clock_timestamp())
      order by deadline_at limit ${limit} for update skip locked) due
    where t.corp_id = due.corp_id and t.code_hash = due.code_hash and t.state = 'waiting'
    returning t.corp_id, t.code_hash, t.code_sealed, t.external_userid, t.userid, t.state_param, t.received_at, t.attempts,
      (extract(epoch from t.deadline_at - clock_timestamp()) * 1000)::float8 as left_ms`.execute(db)
  return rows
}

const keyOf = (task: ClaimedWelcome): string => `${task.codeHash.toString('hex')}`
const wantedOf = (task: ClaimedWelcome) => ({
  key: keyOf(task),
  externalUserid: task.externalUserid,
  userid: task.userid,
  state: task.stateParam,
})

/** Makes the one call of a claimed task and says how it ended. Never throws for what WeCom does. */
export async function sendWelcome(
  context: WorkContext,
  task: ClaimedWelcome,
  content: WelcomeContent | undefined,
  claimedAt: number,
): Promise<Settlement> {
  const ended = (state: Settled, cause: string | null, more: Partial<Settlement> = {}): Settlement => ({
    ...task,
    from: 'sending',
    state,
    cause,
    channelCodeId: content?.channelCodeId ?? null,
    trial: content?.trial ?? null,
    ...more,
  })
  if (!content || (content.text.trim() === '' && content.attachments.length === 0)) return ended('none', null)
  const leftMs = () => task.leftMs - (performance.now() - claimedAt)
  let wecom: Wecom
  try {
    wecom = await context.wecom(task.corpId)
  } catch (error) {
    return ended('refused', error instanceof DomainError ? error.code : 'welcome.no_client')
  }
  const name = await customerName(wecom, task, content, leftMs())
  if (isBlocked(name, content.blockedWords)) return ended('none', 'welcome.blocked')
  const text = cutBytes(
    fillTemplate(content.text, {
      客户昵称: name,
      成员姓名: content.staffName,
      企业名称: content.corpName,
    }),
    TEXT_BYTES_MAX,
  )
  const code = context.vault.open(task.codeSealed, welcomePlace(task.corpId, task.codeHash)).toString('utf8')
  const call = async (attachments: Attachment[], leftOut: number): Promise<Settlement> => {
    const left = leftMs()
    if (left < LEFT_MIN_MS) return ended('late', 'welcome.too_late')
    await wecom.welcome.send(
      {
        welcome_code: code,
        ...(text === '' ? {} : { text: { content: text } }),
        ...(attachments.length > 0 ? { attachments } : {}),
      },
      { timeoutMs: left, signal: AbortSignal.timeout(Math.ceil(left)) },
    )
    const ms = Math.max(0, Math.round(Date.now() - task.receivedAt.getTime()))
    return ended('sent', null, { said: { text, attachments: attachments.length, ms, leftOut } })
  }
  try {
    return await call(content.attachments, content.leftOut)
  } catch (error) {
    if (isOfAttachments(error) && text !== '' && content.attachments.length > 0) {
      context.log.warn(
        { corpId: task.corpId, errcode: (error as WecomError).errcode },
        'a welcome goes without its attachments',
      )
      return call([], content.leftOut + content.attachments.length).catch((second) => failed(ended, second))
    }
    return failed(ended, error)
  }
}

/** What an error says of the code: used up, still usable, or nobody knows. */
function failed(
  ended: (state: Settled, cause: string | null, more?: Partial<Settlement>) => Settlement,
  error: unknown,
): Settlement {
  if (!(error instanceof WecomError)) {
    // The signal ended the wait for a rate limit: nothing was sent, and no time is left.
    if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
      return ended('late', 'welcome.too_late')
    return ended('unknown', 'welcome.unknown', {
      detail: { reason: error instanceof Error ? error.message.slice(0, 300) : String(error) },
    })
  }
  const detail = { errcode: error.errcode, api: error.api, hint: error.hint ?? null }
  if (error.outcome === 'unknown') return ended('unknown', 'welcome.unknown', { detail })
  if (error.outcome === 'retryable' || error.errcode === ANOTHER_APP_SENDS)
    return ended('waiting', `wecom.${error.errcode}`, { waitMs: Math.max(AGAIN_MS, error.retryAfterMs ?? 0) })
  return ended('refused', `wecom.${error.errcode}`, { detail })
}

const isOfAttachments = (error: unknown): boolean =>
  error instanceof WecomError && error.outcome === 'refused' && OF_ATTACHMENTS.has(error.errcode)

const isBlocked = (name: string, words: string[]): boolean =>
  words.some((word) => name.toLowerCase().includes(word.toLowerCase()))

/** The name we know, else WeCom’s answer if it comes in time, else none. Asked only when somebody needs it. */
async function customerName(
  wecom: Wecom,
  task: ClaimedWelcome,
  content: WelcomeContent,
  leftMs: number,
): Promise<string> {
  if (!usesVariable(content.text, '客户昵称') && content.blockedWords.length === 0) return ''
  if (content.customerName) return content.customerName
  const timeMs = Math.min(NAME_TIMEOUT_MS, leftMs - NAME_UNTIL_LEFT_MS)
  if (timeMs <= 0) return NAMELESS
  try {
    const { external_contact: contact } = await wecom.customer.get(task.externalUserid, undefined, {
      lane: 'welcome',
      timeoutMs: timeMs,
      signal: AbortSignal.timeout(Math.ceil(timeMs)),
    })
    return contact.name || NAMELESS
  } catch {
    return NAMELESS // whatever it was, the welcome matters more
  }
}

/** Tasks nobody may call any more: waiting past their deadline, or left `sending` by a process that died. */
export async function closeOverdue(db: Db): Promise<Settlement[]> {
  const { rows } = await sql<ClaimedWelcome & { was: 'waiting' | 'sending'; channelCodeId: null }>`
    select corp_id, code_hash, external_userid, userid, received_at, attempts, state as was from welcome_task
    where (state = 'waiting' and deadline_at <= clock_timestamp() + ${LEFT_MIN_MS} * interval '1 millisecond')
      or (state = 'sending' and deadline_at <= clock_timestamp() - ${DEAD_AFTER_MS} * interval '1 millisecond')
    order by deadline_at limit 200`.execute(db)
  return rows.map(({ was, ...task }) => ({
    ...task,
    from: was,
    channelCodeId: null,
    trial: null,
    ...(was === 'waiting'
      ? { state: 'late' as const, cause: 'welcome.too_late' }
      : { state: 'unknown' as const, cause: 'welcome.unknown' }),
  }))
}
