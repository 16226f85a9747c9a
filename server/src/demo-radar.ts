import { sql } from 'kysely'
import { pick, spread } from './demo-visits.ts'
import { linksFor, tokenMark } from './modules/content/radar/links.ts'
import { settleNamed } from './modules/content/radar/reading/settle.ts'
import { type Beat, type Heard, takeBeats } from './modules/content/radar/reading/take-beats.ts'
import { newViewId } from './modules/content/radar/reading/view-token.ts'
import { addReadingRule } from './modules/content/radar/rules/rules.ts'
import { NewReadingRule } from './modules/content/radar/rules/schema.ts'
import type { Actor, WorkContext } from './modules/corps/context.ts'
import { inCorp, type Tx } from './platform/db.ts'

const [DAYS, A_DAY, HOUR_MS] = [24, 9, 3_600_000]
const KINDS = ['article', 'pdf', 'product', 'link', 'video']
const CHANNELS = ['chat', 'chat', 'chat', 'group', 'moment'] as const
const PDF_PAGES = 3

interface Piece {
  materialId: string
  kind: string
  version: number
}
interface Reader {
  externalUserid: string
  staffId: string
}

const boss = (corpId: string): Actor => ({
  ...{ accountId: '0', corpId, role: 'owner', roleName: null, permissions: ['tasks.assign'], staffId: null },
  ...{ scope: undefined, viewing: null, factorMissing: false, name: '周岚', ip: '127.0.0.1', requestId: 'demo' },
})

/** What its head office has set up: points for whoever comes back, a task for whoever reads the offer to its last page. */
export async function ruleDemoReadings(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  await inCorp(work.db, corpId, async (tx) => {
    const offer = (await readPieces(tx, corpId)).find(({ kind }) => kind === 'pdf')
    const rules = [
      { materialId: null, asks: 'opens', atLeast: 3, points: 5 },
      { materialId: null, asks: 'forwarded', atLeast: 1, points: 8 },
      ...(offer
        ? [
            {
              materialId: offer.materialId,
              asks: 'page',
              atLeast: PDF_PAGES,
              points: 10,
              task: { title: '问问要哪一款', note: '看完了整份手册，趁热问一句。', hours: 24 },
            },
          ]
        : []),
    ]
    for (const rule of rules) await addReadingRule(tx, boss(corpId), NewReadingRule.parse(rule), now)
  })
}

/** Who read what its staff sent in the last weeks: in the page for seconds or minutes, page by page, and sent on to friends. */
export async function readDemoPieces(work: WorkContext, corpId: string): Promise<void> {
  const { db, vault, clock } = work
  const now = clock.now()
  const { pieces, readers, links } = await inCorp(db, corpId, async (tx) => {
    // Nobody is told of what is long over.
    await sql`insert into radar_setting (corp_id, notify, digest_minutes, hourly_max, quiet_from, quiet_until, hosts) values (${corpId}::bigint, false, 60, 4, '21:30', '08:30', '{}') on conflict (corp_id) do update set notify = false`.execute(
      tx,
    )
    const [all, people] = [await readPieces(tx, corpId), await readReaders(tx, corpId)]
    const wishes = people.flatMap(({ staffId }, nr) =>
      all.map((piece) => ({ ...piece, staffId, channel: pick(CHANNELS, 71, nr) })),
    )
    return { pieces: all, readers: people, links: await linksFor(tx, vault, corpId, wishes, now) }
  })
  if (pieces.length === 0 || readers.length === 0) return
  const visit = async (at: Date, given: { linkId: string; who: Reader; of: number[] }[], kinds: string[]) => {
    const beats = given.map(({ linkId, who, of }, i) => beatOf(corpId, at, linkId, who, kinds[i]!, of))
    const heard = await takeBeats({ db, vault }, corpId, beats, at)
    const ids = beats.map(({ view }) => view.viewId)
    await settleNamed(db, corpId, ids, new Date(at.getTime() + HOUR_MS))
    return heard
  }
  for (let day = DAYS; day > 0; day--) {
    const at = new Date(now.getTime() - day * 24 * HOUR_MS + spread(72, day) * 6 * HOUR_MS)
    const chosen = Array.from({ length: A_DAY }, (_, nr) => {
      // A few come back again and again, most once.
      const who = Math.floor(spread(73, day, nr) ** 2 * readers.length)
      return { who, piece: Math.floor(spread(74, day, nr) ** 1.6 * pieces.length), of: [day, nr] }
    })
    const kinds = chosen.map(({ piece }) => pieces[piece]!.kind)
    const given = chosen.map(({ who, piece, of }) => ({
      linkId: links[who * pieces.length + piece]!.linkId,
      who: readers[who]!,
      of,
    }))
    const heard = await visit(at, given, kinds)
    if (day % 3 === 0) await sendOn(work, corpId, heard, { at, readers, day, kind: kinds[0]!, visit })
  }
  await inCorp(db, corpId, async (tx) => {
    await sql`delete from radar_notice where corp_id = ${corpId}::bigint`.execute(tx)
    await sql`update radar_setting set notify = true where corp_id = ${corpId}::bigint`.execute(tx)
  })
}

/** The first of them sent it on, and a friend of his opened it from there. */
async function sendOn(
  { db }: WorkContext,
  corpId: string,
  heard: readonly Heard[],
  of: {
    at: Date
    readers: readonly Reader[]
    day: number
    kind: string
    visit: (at: Date, given: { linkId: string; who: Reader; of: number[] }[], kinds: string[]) => Promise<Heard[]>
  },
): Promise<void> {
  const token = heard[0]?.forward
  if (!token) return
  const { rows } = await inCorp(db, corpId, (tx) =>
    sql<{ linkId: string }>`select link_id from radar_token where token_mark = ${tokenMark(token)}`.execute(tx),
  )
  const who = of.readers.at(-1 - (of.day % of.readers.length))!
  const later = new Date(of.at.getTime() + HOUR_MS)
  await of.visit(later, [{ linkId: rows[0]!.linkId, who, of: [of.day, 99] }], [of.kind])
}

function beatOf(corpId: string, at: Date, linkId: string, who: Reader, kind: string, of: number[]): Beat {
  const seconds = 6 + Math.floor(spread(75, ...of) ** 2 * 220)
  const depth = kind === 'product' || kind === 'link' ? 100 : Math.min(100, 20 + Math.floor(spread(76, ...of) * 95))
  const came = 1 + Math.floor(spread(77, ...of) * PDF_PAGES)
  const pages = kind === 'pdf' ? Array.from({ length: came }, (_, i) => Math.floor((seconds * (came - i)) / 6)) : []
  const device = `demo ${who.externalUserid}`
  const view = { viewId: newViewId(at.getTime()), corpId, linkId, version: 1, issuedMs: at.getTime(), device }
  return {
    view,
    n: 1,
    seconds,
    depth: kind === 'pdf' ? Math.round((came / PDF_PAGES) * 100) : depth,
    pages,
    heardMs: at.getTime() + seconds * 1_000,
    ids: [{ kind: 'external_userid', value: who.externalUserid, trust: 2 }],
  }
}

async function readPieces(tx: Tx, corpId: string): Promise<Piece[]> {
  const { rows } = await sql<Piece>`
    select material_id, kind, live_version as version from material
    where corp_id = ${corpId}::bigint and live_version is not null and withdrawn_at is null and valid_from is null and scope_departments is null and scope_staff_id is null and kind = any(${KINDS}::text[])
    order by array_position(${KINDS}::text[], kind), material_id limit 12`.execute(tx)
  return rows
}

async function readReaders(tx: Tx, corpId: string): Promise<Reader[]> {
  const { rows } = await sql<Reader>`
    select distinct on (f.contact_id) i.value as external_userid, f.staff_id from follow f
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = f.contact_id and i.kind = 'external_userid'
    where f.corp_id = ${corpId}::bigint and f.lost_at is null and f.contact_id % 37 = 5 order by f.contact_id, f.added_at limit 60`.execute(
    tx,
  )
  return rows
}
