import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../../platform/db.ts'
import type { Vault } from '../../../../platform/secrets.ts'
import type { Identifier } from '../../../contacts/identifiers.ts'
import { identifyContacts } from '../../../contacts/identify.ts'
import { countOpened, readerKey } from '../count.ts'
import { linksFor } from '../links.ts'
import { noteOpenings } from '../notices/note.ts'
import { OPENED_AFTER_S, PAGES_MAX, SECONDS_MAX } from '../schema.ts'
import { countForwards } from './forwards.ts'
import { contactMark, deviceMark, whoIsQuiet } from './quiet.ts'
import { tellOpened } from './tell-journal.ts'
import type { ViewToken } from './view-token.ts'

/** What a page says of a reading while it is seen: all so far, not what came since. */
export interface Beat {
  view: ViewToken
  n: number
  seconds: number
  depth: number
  /** Of a PDF: seconds by page, through the farthest. */
  pages?: readonly number[]
  /** By the real clock. */
  heardMs: number
  /** What WeCom says of who reads; empty while nobody has said. */
  ids: readonly Identifier[]
}

export interface Heard {
  /** It is counted as opened. */
  counted: boolean
  /** The reading was over before: another begins. */
  ended: boolean
  /** What stands in the reader's own link, told once. */
  forward: string | null
}

export interface ReadLink {
  linkId: string
  materialId: string
  staffId: string
  channel: string
  contactId: string | null
  parentContactId: string | null
}

/** A new reading that counts, with whose it is. */
export interface Opening extends ReadLink {
  viewId: string
  version: number
  heardMs: number
  seconds: number
  depth: number
  pages: readonly number[]
  n: number
  /** Who reads; null: somebody who would rather not be known. */
  readerId: string | null
  known: boolean
}

/** Nobody reads for longer than he has had the page. */
const soFar = ({ seconds, heardMs, view }: Beat): number =>
  Math.max(0, Math.min(Math.floor(seconds), Math.floor((heardMs - view.issuedMs) / 1000), SECONDS_MAX))

/** What was spent on pages is no more than what was spent. */
function onPages(beat: Beat): number[] {
  let left = soFar(beat)
  return (beat.pages ?? []).slice(0, PAGES_MAX).map((seconds) => {
    const taken = Math.max(0, Math.min(left, Math.floor(seconds)))
    left -= taken
    return taken
  })
}
const asArray = (numbers: readonly number[]): string => `{${numbers.join()}}`

/**
 * Takes beats of one corp, in one transaction and a constant number of statements. A beat says all there is to say of its
 * reading, so the newest is enough and repeats, gaps and any order come to the same; what a page makes up is cut to what
 * is possible. The first that comes two seconds into a reading counts it, tells the journal and whoever sent the link.
 */
export async function takeBeats(
  { db, vault }: { db: Db; vault: Vault },
  corpId: string,
  beats: readonly Beat[],
  now: Date,
): Promise<Heard[]> {
  const newest = new Map<string, Beat>()
  for (const beat of beats) {
    const other = newest.get(beat.view.viewId)
    if (!other || other.n < beat.n) newest.set(beat.view.viewId, beat)
  }
  return inCorp(db, corpId, async (tx) => {
    const standing = await hearStanding(tx, corpId, [...newest.values()])
    const fresh = [...newest.values()].filter(
      (beat) => !standing.has(beat.view.viewId) && soFar(beat) >= OPENED_AFTER_S,
    )
    const openings = fresh.length > 0 ? await open(tx, vault, corpId, fresh, now) : new Map<string, Opened>()
    // Written by somebody else a moment before, with a beat that may be older than ours.
    const late = fresh.filter(({ view }) => openings.get(view.viewId)?.isOurs === false)
    if (late.length > 0) await hearStanding(tx, corpId, late)
    return beats.map(({ view: { viewId } }) => {
      const settled = standing.get(viewId)
      return {
        counted: settled !== undefined || openings.has(viewId),
        ended: settled === true,
        forward: openings.get(viewId)?.forward ?? null,
      }
    })
  })
}

/** Views there are, and whether each is over; of the others the newer beat stands. */
async function hearStanding(tx: Tx, corpId: string, beats: readonly Beat[]): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ viewId: string; settled: boolean }>`
    select view_id, settled from radar_view where corp_id = ${corpId}::bigint and view_id = any(${beats.map((b) => b.view.viewId)}::uuid[])
    order by view_id for update`.execute(tx)
  const standing = new Map(rows.map(({ viewId, settled }) => [viewId, settled]))
  const going = beats.filter(({ view }) => standing.get(view.viewId) === false)
  if (going.length > 0)
    await sql`
      update radar_view v set beat = b.n, heard_at = greatest(v.heard_at, b.heard_at),
        seconds = case when v.contact_id is null then v.seconds else greatest(v.seconds, b.seconds) end,
        depth = case when v.contact_id is null then v.depth else greatest(v.depth, b.depth) end,
        pages = case when v.contact_id is null then v.pages else b.pages::int[] end
      from unnest(${going.map((b) => b.view.viewId)}::uuid[], ${going.map((b) => b.n)}::int[], ${going.map((b) => new Date(b.heardMs).toISOString())}::timestamptz[], ${going.map(soFar)}::int[], ${going.map((b) => b.depth)}::smallint[], ${going.map((b) => asArray(onPages(b)))}::text[]) as b(view_id, n, heard_at, seconds, depth, pages)
      where v.corp_id = ${corpId}::bigint and v.view_id = b.view_id and v.beat < b.n`.execute(tx)
  return standing
}

interface Opened {
  /** False: somebody else has written it down, and counts it. */
  isOurs: boolean
  forward: string | null
}

/** Writes new views down and counts them. Returns, by view, the link its reader may send on. */
async function open(
  tx: Tx,
  vault: Vault,
  corpId: string,
  beats: readonly Beat[],
  now: Date,
): Promise<Map<string, Opened>> {
  const links = await readLinks(tx, corpId, [...new Set(beats.map((b) => b.view.linkId))])
  const readers = await whoReads(tx, vault, corpId, beats, now)
  const wanted = beats.flatMap((beat, i): Opening[] => {
    const link = links.get(beat.view.linkId)
    const { viewId, version } = beat.view
    if (!link) return []
    const { heardMs, n, depth } = beat
    return [{ ...link, viewId, version, heardMs, n, depth, seconds: soFar(beat), pages: onPages(beat), ...readers[i]! }]
  })
  const isNew = await writeViews(tx, corpId, wanted, now)
  const opened = wanted.filter(({ viewId }) => isNew.has(viewId))
  const counted = opened.map((o) => ({ ...o, contactId: o.readerId, openedAt: now }))
  const firsts = await countOpened(tx, corpId, counted)
  const persons = opened.flatMap((one) => (one.readerId ? [{ ...one, readerId: one.readerId }] : []))
  const forwards = await countForwards(tx, corpId, persons, now)
  await tellOpened(tx, corpId, persons, forwards, now)
  const isFirst = (one: { materialId: string; readerId: string }) =>
    firsts.has(readerKey({ ...one, contactId: one.readerId }))
  await noteOpenings(
    tx,
    corpId,
    persons.filter((one) => one.known).map((one) => ({ ...one, isFirst: isFirst(one) })),
    now,
  )
  const own = await linksFor(
    tx,
    vault,
    corpId,
    persons.map(({ materialId, version, staffId, channel, linkId, viewId, readerId }) => ({
      materialId,
      version,
      staffId,
      channel: channel as 'chat',
      parent: { linkId, viewId, contactId: readerId },
    })),
    now,
  )
  const forwardOf = new Map(persons.map(({ viewId }, i) => [viewId, own[i]!.token]))
  return new Map(
    wanted.map(({ viewId }) => [viewId, { isOurs: isNew.has(viewId), forward: forwardOf.get(viewId) ?? null }]),
  )
}

/** Reading of several links at once; a link of a reader's own stands for whoever sent the first. */
async function readLinks(tx: Tx, corpId: string, linkIds: readonly string[]): Promise<Map<string, ReadLink>> {
  const { rows } = await sql<ReadLink>`
    select link_id, material_id, staff_id, channel, contact_id, parent_contact_id from radar_link
    where corp_id = ${corpId}::bigint and link_id = any(${[...linkIds]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.linkId, row]))
}

/** Who reads: whom WeCom names, else whoever this browser was before. Of those who would rather not be known, nobody. */
async function whoReads(
  tx: Tx,
  vault: Vault,
  corpId: string,
  beats: readonly Beat[],
  now: Date,
): Promise<{ readerId: string | null; known: boolean }[]> {
  const quietDevices = await whoIsQuiet(
    tx,
    corpId,
    beats.map(({ view }) => deviceMark(view.device)),
  )
  const heard = beats.map((beat) => !quietDevices.has(deviceMark(beat.view.device).toString('hex')))
  const asked = beats.filter((_, i) => heard[i])
  const contactIds = await identifyContactsOf(tx, vault, corpId, asked, now)
  const quiet = await whoIsQuiet(tx, corpId, contactIds.map(contactMark))
  let next = 0
  return beats.map(({ ids }, i) => {
    const contactId = heard[i] ? contactIds[next++]! : undefined
    return contactId && !quiet.has(contactMark(contactId).toString('hex'))
      ? { readerId: contactId, known: ids.length > 0 }
      : { readerId: null, known: false }
  })
}

const identifyContactsOf = async (tx: Tx, vault: Vault, corpId: string, beats: readonly Beat[], now: Date) =>
  beats.length === 0
    ? []
    : identifyContacts(
        tx,
        corpId,
        vault,
        beats.map(({ ids, view }) => ({
          identifiers: [...ids, { kind: 'device' as const, value: `radar:${view.device}`, trust: 0 as const }],
        })),
        now,
      )

async function writeViews(tx: Tx, corpId: string, openings: readonly Opening[], now: Date): Promise<Set<string>> {
  const of = <T>(read: (one: Opening) => T): T[] => openings.map(read)
  const { rows } = await sql<{ viewId: string }>`
    insert into radar_view (corp_id, view_id, link_id, material_id, version, staff_id, channel, contact_id, known, opened_at, heard_at, beat, seconds, depth, pages)
    select ${corpId}::bigint, view_id, link_id, material_id, version, staff_id, channel, contact_id, known, ${now}::timestamptz, heard_at, n, case when contact_id is null then 0 else seconds end, case when contact_id is null then 0 else depth end, case when contact_id is null then '{}' else pages::int[] end
    from unnest(${of((o) => o.viewId)}::uuid[], ${of((o) => o.linkId)}::bigint[], ${of((o) => o.materialId)}::bigint[], ${of((o) => o.version)}::int[], ${of((o) => o.staffId)}::bigint[], ${of((o) => o.channel)}::text[],
      ${of((o) => o.readerId)}::bigint[], ${of((o) => o.known)}::boolean[], ${of((o) => new Date(o.heardMs).toISOString())}::timestamptz[], ${of((o) => o.n)}::int[], ${of((o) => o.seconds)}::int[], ${of((o) => o.depth)}::smallint[], ${of((o) => asArray(o.pages))}::text[])
      as o(view_id, link_id, material_id, version, staff_id, channel, contact_id, known, heard_at, n, seconds, depth, pages)
    on conflict (corp_id, view_id) do nothing returning view_id`.execute(tx)
  return new Set(rows.map(({ viewId }) => viewId))
}
