import type { FaultKind, FaultRule } from '../../src/faults.ts'
import type { WireEntry } from '../../src/wire.ts'
import type { Bubble, MassNotice, MomentNotice } from '../../src/world/mass-records.ts'
import type {
  ContactWay,
  CorpInfo,
  Customer,
  Department,
  Effect,
  Follow,
  Group,
  Message,
  PendingAdd,
  Staff,
  TagGroup,
} from '../../src/world/records.ts'

export interface CorpView extends Pick<CorpInfo, 'corpid' | 'key' | 'name' | 'receivers' | 'shop' | 'persist'> {
  counts: { staff: number; customers: number; contactWays: number; tags: number }
}
export interface FollowView extends Follow {
  staffName?: string
  tagNames: string[]
}
export interface CustomerView extends Customer {
  follows: FollowView[]
}
export interface CustomerDetail extends CustomerView {
  pendingAdds: PendingAdd[]
  groups: { chatId: string; name: string }[]
}
export interface CustomerPage {
  customers: CustomerView[]
  total: number
  nextCursor?: number
}
export interface StaffView extends Staff {
  customers: number
}
export interface StaffList {
  departments: (Department & { customers: number })[]
  staff: StaffView[]
}
export interface WayView extends ContactWay {
  broughtTotal: number
}
export interface Inbox {
  chats: { externalUserid: string; name?: string; last: Message; count: number }[]
  pendingAdds: PendingAdd[]
  groups: (Omit<Group, 'members'> & { memberCount: number })[]
  /** What the company's app has sent to this member, the latest first. */
  appMessages: Effect[]
}
/** A group and what was said in it. */
export interface GroupChat {
  group: Group
  messages: Message[]
}
/** What a member is asked to send, as his phone shows it. */
export interface MassNoticeView {
  msgid: string
  chatType: 'single' | 'group'
  own: boolean
  at: number
  bubbles: Bubble[]
  cancelled: boolean
  reminders: number
  state: MassNotice['state']
  sentAt?: number
  recipients: number
  names: string[]
  counts: { waiting: number; sent: number; gone: number; full: number }
}
export interface MomentNoticeView {
  momentId: string
  at: number
  bubbles: Bubble[]
  cancelled: boolean
  state: MomentNotice['state']
  publishedAt?: number
  recipients: number
  shown: number
  likes: string[]
  comments: { name: string; text: string; at: number }[]
}
export interface Notices {
  mass: MassNoticeView[]
  moments: MomentNoticeView[]
}
export interface Conversation {
  messages: Message[]
  follow?: Follow
}
export interface ClockView {
  virtualMs: number
  wireMs: number
  speed: number
  paused: boolean
}
export interface FaultsView {
  seed: number
  rules: (FaultRule & { label: string; seen: number; injected: number })[]
  kinds: Record<FaultKind, string>
}
export interface AutopilotView {
  on: boolean
  perMinute: number
  acts: number
}
export interface SettingsView {
  consoleUrl?: string
  seed: number
}
export interface WirePage {
  entries: WireEntry[]
  injected: number
  nextBefore?: number
}
/** What a scan or an add came to. */
export interface Met {
  userid: string
  externalUserid: string
  outcome: 'added' | 'half' | 'pending' | 'already'
}
export interface TagList {
  tagGroups: TagGroup[]
}

/** The world refused, and says why in a sentence fit to be shown. */
export class ControlError extends Error {
  readonly code: string

  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

export async function getControl<T>(path: string, signal?: AbortSignal): Promise<T> {
  return readReply<T>(await fetch(`/control${path}`, { signal }).catch(asUnreachable))
}

export async function sendControl<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const init = { method, headers, body: JSON.stringify(body) }
  return readReply<T>(await fetch(`/control${path}`, init).catch(asUnreachable))
}

/** Something a simulated person does; see `src/control/actions.ts` for what each type needs. */
export async function doAction<T = unknown>(
  corpid: string,
  action: Record<string, unknown> & { type: string },
): Promise<T> {
  const { result } = await sendControl<{ result: T }>('POST', `/corps/${corpid}/actions`, action)
  return result
}

async function readReply<T>(reply: Response): Promise<T> {
  if (reply.ok) return (await reply.json()) as T
  const problem = (await reply.json().catch(() => ({}))) as { code?: string; message?: string }
  throw new ControlError(
    problem.code ?? `http.${reply.status}`,
    problem.message ?? `模拟器回了 ${reply.status}，稍后再试`,
  )
}

function asUnreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error
  throw new ControlError('simulator.unreachable', '模拟器没有应答。它在运行的话，页面会自己接上')
}
