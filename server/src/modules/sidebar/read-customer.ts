import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { contactIdsOf, rootsOf } from '../contacts/merge-contacts.ts'
import { readNow } from '../contacts/notes.ts'
import { keepVisible } from '../contacts/pick-contacts.ts'
import { findContacts } from '../contacts/service.ts'
import type { Actor } from '../corps/context.ts'
import { countTimeline, readTimeline } from '../events/journal.ts'
import type { TimelineItem } from '../events/schema.ts'
import { listOrders, sumOrders } from '../orders/list-orders.ts'
import { readMembers } from '../orders/members/read-members.ts'
import type { OrderRow } from '../orders/schema.ts'
import { readMissingOf } from '../stages/gates.ts'
import { readLostReasons, readStages, type StageRow } from '../stages/read-book.ts'
import { readContactTags } from '../tags/read-tags.ts'
import type { ContactTag } from '../tags/schema.ts'
import { listTasks } from '../tasks/list-tasks.ts'
import type { MyCustomer, SidebarView } from './schema.ts'
import { suggestTags } from './suggest-tags.ts'

export type Looker = Pick<Actor, 'accountId' | 'staffId' | 'scope' | 'permissions'>

const [LINES, NOTES, ORDERS, TASKS, TAGS, COUNTED_MAX] = [5, 3, 3, 5, 60, 1_000]
/** The whole answer is to stay under 12 kB, whatever people wrote. */
const [TEXT_MAX, NOTE_MAX] = [120, 300]
const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text)

/** Our customer behind WeCom's id, for somebody who may see him. */
export async function requireCustomer(
  tx: Tx,
  corpId: string,
  externalUserid: string,
  scope: Actor['scope'],
): Promise<string> {
  const contactId = await findRoot(tx, corpId, externalUserid)
  const [seen] = contactId ? await keepVisible(tx, corpId, [contactId], scope) : []
  if (!seen) throw new NotFound({ what: '客户' })
  return seen
}

async function findRoot(tx: Tx, corpId: string, externalUserid: string): Promise<string | undefined> {
  const contactId = (await findContacts(tx, corpId, 'external_userid', [externalUserid])).get(externalUserid)
  return contactId && (await rootsOf(tx, corpId, [contactId])).get(contactId)
}

/** Everything the page beside a chat shows of one customer; of somebody else's, who follows him and nothing more. */
export async function readCustomer(
  tx: Tx,
  corpId: string,
  externalUserid: string,
  looker: Looker,
  now: Date,
): Promise<SidebarView> {
  const contactId = await findRoot(tx, corpId, externalUserid)
  if (!contactId) throw new NotFound({ what: '客户' })
  const { scope } = looker
  if ((await keepVisible(tx, corpId, [contactId], scope)).length === 0)
    return { is: 'theirs', followers: await readFollowers(tx, corpId, contactId) }
  const contactIds = await contactIdsOf(tx, corpId, contactId)
  const head = await readHead(tx, corpId, contactId, looker)
  const tags = await readContactTags(tx, corpId, contactId, scope)
  const flows = await readFlows(tx, corpId, contactId, looker)
  const lines = await readTimeline(tx, corpId, { contactIds, limit: LINES, scope })
  const notes = await readTimeline(tx, corpId, { contactIds, limit: NOTES, scope, kinds: ['note.added'] })
  const count = await countTimeline(tx, corpId, { contactIds, scope, most: COUNTED_MAX })
  const mayOrders = looker.permissions.includes('orders.read')
  const [member] = mayOrders ? await readMembers(tx, corpId, contactId, scope) : []
  return {
    is: 'mine',
    now: now.toISOString(),
    contactId,
    ...head,
    tags: gather(tags, looker.staffId).slice(0, TAGS),
    suggestedTags:
      head.pair && looker.staffId
        ? await suggestTags(tx, corpId, { contactId, staffId: looker.staffId, asked: askedBy(flows) })
        : [],
    flows: flows.map(({ rows, ...flow }) => ({ ...flow, stages: rows.map(({ gate: _, ...stage }) => stage) })),
    lostReasons: flows.some(({ rows }) => rows.some(({ kind }) => kind === 'lost'))
      ? await readLostReasons(tx, corpId)
      : [],
    spent: mayOrders ? await sumOrders(tx, corpId, contactId, scope) : null,
    member: member ? { level: member.level, points: member.points } : null,
    orders: mayOrders ? (await readOrders(tx, corpId, contactId, { limit: ORDERS })).items : [],
    timeline: {
      items: (await readNow(tx, corpId, lines.items, looker.accountId, now)).map(shorten),
      count,
      isFloor: count === COUNTED_MAX,
    },
    tasks: await readTasks(tx, corpId, contactId, looker, now),
    notes: (await readNow(tx, corpId, notes.items, looker.accountId, now)).map(({ at, props }) => ({
      noteId: String(props.noteId),
      text: cut(String(props.text ?? ''), NOTE_MAX),
      author: String(props.by ?? ''),
      at,
      mine: typeof props.editableUntil === 'string',
    })),
  }
}

export async function isFriend(tx: Tx, corpId: string, contactId: string, staffId: string): Promise<boolean> {
  const { rows } = await sql`
    select from follow where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and staff_id = ${staffId}::bigint and lost_at is null`.execute(
    tx,
  )
  return rows.length > 0
}

async function readFollowers(tx: Tx, corpId: string, contactId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select s.name from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
    where f.corp_id = ${corpId}::bigint and f.contact_id = ${contactId}::bigint and f.lost_at is null order by f.added_at limit 10`.execute(
    tx,
  )
  return rows.map(({ name }) => name)
}

/** What the looker himself is to do for him. */
async function readTasks(
  tx: Tx,
  corpId: string,
  contactId: string,
  { staffId, scope, permissions }: Looker,
  now: Date,
) {
  if (!staffId || !permissions.includes('tasks.read')) return []
  const query = { view: 'open' as const, contactId, staffId, limit: TASKS }
  const { items } = await listTasks(tx, corpId, query, scope, now)
  return items.map(({ taskId, title, note, say, coupon, dueAt, late }) => ({
    taskId,
    title,
    note: cut(note, TEXT_MAX),
    say: cut(say, TEXT_MAX),
    coupon,
    dueAt,
    late,
  }))
}

type Head = Pick<MyCustomer, 'name' | 'avatar' | 'gender' | 'corpName' | 'pair' | 'lostAt' | 'colleagues'>

async function readHead(tx: Tx, corpId: string, contactId: string, { staffId, scope }: Looker): Promise<Head> {
  const { rows } = await sql<
    Omit<Head, 'pair' | 'lostAt'> & {
      remark: string | null
      description: string | null
      addedAt: Date | null
      addWay: number | null
      code: string | null
      lostAt: Date | null
    }
  >`
    select c.name, c.avatar, c.gender, c.corp_name, f.remark, f.description, f.added_at, f.add_way, k.name as code,
      case when f.contact_id is null then c.lost_at else f.lost_at end as lost_at,
      array(select s.name from follow o join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = o.staff_id
        where o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.lost_at is null and o.staff_id is distinct from ${staffId}::bigint
          and (${scope ?? null}::bigint[] is null or o.staff_id = any(${scope ?? null}::bigint[])) order by o.added_at limit 10) as colleagues
    from contact c left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = ${staffId}::bigint
    left join channel_code k on k.corp_id = ${corpId}::bigint and k.state = f.state
    where c.corp_id = ${corpId}::bigint and c.contact_id = ${contactId}::bigint`.execute(tx)
  const { remark, description, addedAt, addWay, code, lostAt, ...head } = rows[0]!
  return {
    ...head,
    pair: addedAt && {
      remark: remark ?? '',
      description: cut(description ?? '', TEXT_MAX),
      addedAt: addedAt.toISOString(),
      addWay,
      code,
    },
    lostAt: lostAt?.toISOString() ?? null,
  }
}

type FlowWithGates = Omit<MyCustomer['flows'][number], 'stages'> & {
  rows: (MyCustomer['flows'][number]['stages'][number] & Pick<StageRow, 'gate'>)[]
}

async function readFlows(
  tx: Tx,
  corpId: string,
  contactId: string,
  { permissions, scope }: Looker,
): Promise<FlowWithGates[]> {
  if (!permissions.includes('stages.read')) return []
  const stages = await readStages(tx, corpId)
  const missing = await readMissingOf(tx, corpId, stages, contactId, scope)
  const { rows: stays } = await sql<{ flowId: string; stageId: string; since: Date }>`
    select flow_id, stage_id, since from stage_stay where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and until is null`.execute(
    tx,
  )
  return [...Map.groupBy(stages, (stage) => stage.flowId)].map(([flowId, ofFlow]) => {
    const stay = stays.find((one) => one.flowId === flowId)
    return {
      flowId,
      name: ofFlow[0]!.flow,
      stageId: stay?.stageId ?? null,
      since: stay?.since.toISOString() ?? null,
      rows: ofFlow.map(({ stageId, name, kind, gate }) => ({
        stageId,
        name,
        kind,
        gate,
        missing: missing.get(stageId) ?? [],
      })),
    }
  })
}

/** Tags the stage after each one asks for. */
function askedBy(flows: readonly FlowWithGates[]): { tagId: string; stage: string }[] {
  return flows.flatMap(({ stageId, rows }) => {
    const next = rows[rows.findIndex((row) => row.stageId === stageId) + 1]
    if (stageId === null || !next || next.kind === 'lost' || next.missing.length === 0) return []
    return next.gate.tagIds.map((tagId) => ({ tagId, stage: next.name }))
  })
}

/** One line a tag, whoever put it on whichever pair; the looker's own pair is named before others. */
function gather(tags: readonly ContactTag[], staffId: string | null): MyCustomer['tags'] {
  const byTag = Map.groupBy(tags, (tag) => tag.tagId)
  return [...byTag.values()].map((held) => {
    const own = held.find((tag) => tag.staffId === staffId)
    const { tagId, name, groupName, source, reason } = own ?? held[0]!
    const by = [reason.by, reason.channelCode].find((word) => typeof word === 'string')
    return { tagId, name, groupName, source, by: typeof by === 'string' ? by : null, mine: own !== undefined }
  })
}

/** What a customer ordered, newest first; whoever asks has been let see him. */
export async function readOrders(tx: Tx, corpId: string, contactId: string, page: { before?: string; limit: number }) {
  const { items, nextCursor } = await listOrders(tx, corpId, { contactId, ...page }, undefined)
  return { items: items.map(asOrder), nextCursor }
}

const NAMES_SHOWN = 2
const asOrder = ({ orderId, shop, orderNo, state, placedAt, amountFen, refundedFen, items }: OrderRow) => ({
  orderId,
  shop,
  orderNo,
  state,
  placedAt,
  amountFen,
  refundedFen,
  items: items.slice(0, NAMES_SHOWN).map(({ name }) => cut(name, 40)),
  more: Math.max(0, items.length - NAMES_SHOWN),
})

/** A line with nothing in it longer than the page shows. */
function shorten(item: TimelineItem): TimelineItem {
  const props = Object.fromEntries(
    Object.entries(item.props)
      .slice(0, 12)
      .map(([name, value]) => [name, typeof value === 'string' ? cut(value, TEXT_MAX) : shortenValue(value)]),
  )
  return { ...item, props }
}

/** Of lists and objects what fits; a page that wants more reads the timeline in full. */
function shortenValue(value: unknown): unknown {
  const json = JSON.stringify(value) ?? 'null'
  return json.length <= 300 ? value : null
}
