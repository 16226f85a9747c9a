import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import type { Actor } from '../corps/context.ts'
import { FATE, type FateName } from '../touches/fates.ts'
import { readOverlaps } from '../touches/overlaps.ts'
import { nextOpen, planTouch } from '../touches/plan.ts'
import { contactsOfFate } from '../touches/send.ts'
import { pickAudience } from './audience.ts'
import { variantOf } from './cut-chunks.ts'
import { nextOccurrence } from './rhythm.ts'
import type { Preview, PreviewBroadcast } from './schema.ts'
import { chooseSenders } from './senders.ts'
import { readSetting } from './setting.ts'
import { namesCustomers } from './words.ts'

const SAMPLES = 4
const BUSIEST = 6
const SENDS_MAX = 10_000

/** Thrown so that nothing of what was tried stays. */
class Tried extends Error {
  readonly preview: Preview
  constructor(preview: Preview) {
    super('tried, and taken back')
    this.preview = preview
  }
}

/**
 * What would become of everybody if it were planned this moment: the gate itself decides, in a transaction that is taken back.
 * So the picture is never another than what planning will do.
 */
export async function previewBroadcast(
  db: Db,
  corpId: string,
  asked: PreviewBroadcast,
  actor: Pick<Actor, 'scope'>,
  now: Date,
): Promise<Preview> {
  try {
    return await inCorp(db, corpId, async (tx) => {
      throw new Tried(await tryOut(tx, corpId, asked, actor, now))
    })
  } catch (error) {
    if (error instanceof Tried) return error.preview
    throw error
  }
}

async function tryOut(
  tx: Tx,
  corpId: string,
  { topic, priority, holdout, audience, senders, schedule, variants, broadcastId }: PreviewBroadcast,
  { scope }: Pick<Actor, 'scope'>,
  now: Date,
): Promise<Preview> {
  const wanted =
    schedule.kind === 'at' ? new Date(schedule.at) : schedule.kind === 'every' ? nextOccurrence(schedule, now) : now
  const due = wanted && wanted > now ? wanted : now
  const at = await nextOpen(tx, corpId, due)
  const picked = await pickAudience(tx, corpId, audience, scope, now)
  const assigned = await chooseSenders(tx, corpId, picked.contactIds, senders, scope, shanghaiDay(at))
  const planned = await planTouch(
    tx,
    corpId,
    {
      ...{ channel: 'mass', topic, sourceKind: 'broadcast', sourceId: `preview ${now.getTime()} ${Math.random()}` },
      ...{ title: '预览', at, priority, holdout },
    },
    assigned,
    now,
  )
  const { approvalAbove } = await readSetting(tx, corpId)
  const staffOf = new Map(assigned.contactIds.map((id, i) => [id, assigned.staffIds[i]!]))
  const loads = loadsOf(planned.contactIds, staffOf, broadcastId ?? '0', variants)
  return {
    included: picked.included,
    excluded: picked.excluded,
    unsendable: picked.contactIds.length - assigned.contactIds.length,
    reached: planned.contactIds.length,
    drops: await dropsOf(tx, corpId, planned.touchId, planned.counts),
    at: at.toISOString(),
    moved: at.getTime() !== due.getTime(),
    members: loads.size,
    tasksMost: [...loads.values()].reduce((most, { tasks }) => Math.max(most, tasks), 0),
    busiest: await busiestOf(tx, corpId, loads),
    needsWord: planned.contactIds.length > approvalAbove,
    approvalAbove,
    overlaps: await readOverlaps(tx, corpId, planned, shanghaiDay(at)),
  }
}

type Loads = Map<string, { people: number; tasks: number }>

/** How many people and tasks each member would have. */
function loadsOf(
  contactIds: readonly string[],
  staffOf: ReadonlyMap<string, string>,
  broadcastId: string,
  variants: PreviewBroadcast['variants'],
): Loads {
  const named = variants.some(({ text }) => namesCustomers(text))
  const weights = variants.length > 1 ? variants.map(() => 1) : [1]
  const people = new Map<string, number>()
  for (const id of contactIds) {
    const key = `${staffOf.get(id)} ${variantOf(broadcastId, id, weights)}`
    people.set(key, (people.get(key) ?? 0) + 1)
  }
  const loads: Loads = new Map()
  for (const [key, n] of people) {
    const staffId = key.split(' ')[0]!
    const load = loads.get(staffId) ?? { people: 0, tasks: 0 }
    loads.set(staffId, { people: load.people + n, tasks: load.tasks + (named ? n : Math.ceil(n / SENDS_MAX)) })
  }
  return loads
}

async function busiestOf(tx: Tx, corpId: string, loads: Loads): Promise<Preview['busiest']> {
  const most = [...loads].sort(([, a], [, b]) => b.people - a.people).slice(0, BUSIEST)
  const { rows } = await sql<{ staffId: string; name: string }>`
    select staff_id, name from staff where corp_id = ${corpId}::bigint and staff_id = any(${most.map(([id]) => id)}::bigint[])`.execute(
    tx,
  )
  const nameOf = new Map(rows.map((row) => [row.staffId, row.name]))
  return most.map(([staffId, { people }]) => ({ staffId, name: nameOf.get(staffId) ?? '', people }))
}

/** Everybody who would get nothing, by reason, the most first, with a few of each. */
async function dropsOf(
  tx: Tx,
  corpId: string,
  touchId: string,
  counts: Partial<Record<FateName, number>>,
): Promise<Preview['drops']> {
  const dropped = Object.entries(counts)
    .filter(([fate, people]) => fate !== 'reserved' && people > 0)
    .sort(([, a], [, b]) => b - a) as [FateName, number][]
  const samples = new Map<FateName, string[]>()
  // Twelve reasons at most.
  for (const [fate] of dropped) {
    const some = await contactsOfFate(tx, corpId, touchId, [FATE[fate]], { limit: SAMPLES })
    samples.set(
      fate,
      some.map(({ contactId }) => contactId),
    )
  }
  const ids = [...samples.values()].flat()
  const { rows } = await sql<{ contactId: string; name: string; avatar: string | null }>`
    select contact_id, name, avatar from contact where corp_id = ${corpId}::bigint and contact_id = any(${ids}::bigint[])`.execute(
    tx,
  )
  const people = new Map(rows.map((row) => [row.contactId, row]))
  return dropped.map(([fate, n]) => ({
    fate,
    people: n,
    samples: samples.get(fate)!.flatMap((contactId) => people.get(contactId) ?? []),
  }))
}
