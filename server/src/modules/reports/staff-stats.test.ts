import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { makePrng, type Prng } from '../../../../simulator/src/prng.ts'
import { contactHooks } from '../../../test/contact-world.ts'
import { aCorp, aStaff, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { applyContacts, type FollowTold } from '../contacts/apply-contacts.ts'
import { type LostBy, loseFollows } from '../contacts/lose-follows.ts'
import { findContacts } from '../contacts/service.ts'
import { readScope } from '../staff/scope.ts'
import { StatsFilter } from './schema.ts'
import { readStaffRows, readStaffStats } from './staff-stats.ts'
import { readStaffTrend } from './staff-trend.ts'

const NOW = new Date('2026-11-20T10:30:00+08:00')
const [SECOND, DAY] = [1_000, 86_400_000]
const MIDNIGHT = Date.parse('2026-11-20T00:00:00+08:00')
const dayOf = (ms: number) => new Date(ms).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
const TREE: Record<string, string | null> = { '1': null, '2': '1', '3': '2', '4': '1' }

interface Spell {
  staffId: string
  userid: string
  customer: string
  added: number
  ended?: number
  by: LostBy
  /** Somebody told later who it had been. */
  learnt?: { by: LostBy; at: number }
}
interface Talk {
  staffId: string
  day: string
  chats: number
  messages: number
  share: number | null
  minutes: number | null
}

/** Instants that fall on the edges of Shanghai's days more often than not. */
const anInstant = (prng: Prng, from: number, to: number) => {
  const any = from + Math.floor(prng.next() * (to - from))
  const midnight = Math.floor((any + 8 * 3_600_000) / DAY) * DAY - 8 * 3_600_000
  const edge = prng.pick([midnight, midnight - SECOND, midnight + SECOND, any, any])
  return Math.floor(Math.min(Math.max(edge, from), to) / SECOND) * SECOND
}

/** Friendships that end and begin again, some of them exactly seven and thirty days long. */
function aHistory(prng: Prng, staff: { staffId: string; userid: string }[]): Spell[] {
  const spells: Spell[] = []
  for (const who of staff)
    for (let nr = 0; nr < 25; nr++) {
      let from = MIDNIGHT - 85 * DAY
      for (let times = prng.int(0, 3); times > 0 && from < NOW.getTime() - DAY; times--) {
        const added = anInstant(prng, from, NOW.getTime() - DAY)
        const long = prng.pick([
          7 * DAY,
          7 * DAY - SECOND,
          30 * DAY,
          30 * DAY - SECOND,
          0,
          prng.int(1, 40 * 86_400) * SECOND,
        ])
        const ended = Math.min(added + long, NOW.getTime() - SECOND)
        const by = prng.pick<LostBy>(['customer', 'staff', 'transfer', 'unknown'])
        const spell: Spell = { ...who, customer: `wm${nr}`, added, by }
        if (prng.chance(0.75)) {
          spell.ended = ended
          const last = times === 1
          if (last && by === 'unknown' && prng.chance(0.6))
            spell.learnt = { by: prng.pick<LostBy>(['customer', 'staff']), at: ended + prng.pick([SECOND, 2 * DAY]) }
        }
        spells.push(spell)
        if (spell.ended === undefined) break
        from = spell.ended + SECOND
      }
    }
  return spells
}

/** Tells the history as WeCom would have, in the order it happened, much of it twice. */
async function live(db: TestDb, corpId: string, prng: Prng, spells: Spell[]): Promise<void> {
  const told = (at: number) => ({ source: 'callback' as const, now: new Date(at), askedAt: new Date(at) })
  const steps = spells.flatMap((spell) => [
    { at: spell.added, run: add(spell) },
    ...(spell.ended === undefined ? [] : [{ at: spell.ended, run: lose(spell, spell.by, spell.ended) }]),
    ...(spell.learnt ? [{ at: spell.learnt.at, run: lose(spell, spell.learnt.by, spell.learnt.at) }] : []),
  ])
  function add({ userid, customer, added }: Spell) {
    const contact = { external_userid: customer, name: customer, type: 1, gender: 0 }
    const follow = { userid, remark: '', description: '', createtime: added / SECOND, add_way: 1 }
    return () =>
      inCorp(db.api, corpId, (tx) =>
        applyContacts(
          tx,
          corpId,
          testVault,
          [{ contact, follow, tagWecomIds: [] } as unknown as FollowTold],
          told(added),
          contactHooks,
        ),
      )
  }
  function lose({ staffId, customer }: Spell, by: LostBy, at: number) {
    return () =>
      inCorp(db.api, corpId, async (tx) => {
        const contactId = (await findContacts(tx, corpId, 'external_userid', [customer])).get(customer)!
        return loseFollows(tx, corpId, [{ contactId, staffId, by, at: new Date(at) }], told(at), contactHooks)
      })
  }
  for (const { run } of steps.toSorted((a, b) => a.at - b.at)) {
    await run()
    if (prng.chance(0.3)) await run()
  }
}

/** The same figures, counted one friendship at a time. */
function expected(spells: Spell[], talks: Talk[], staffIds: string[], from: string, to: string) {
  const own = spells.filter(({ staffId }) => staffIds.includes(staffId))
  const within = (ms: number) => dayOf(ms) >= from && dayOf(ms) <= to
  const added = own.filter((one) => within(one.added))
  const lost = own.filter(({ ended }) => ended !== undefined && within(ended))
  const ender = (one: Spell) => one.learnt?.by ?? one.by
  const kept = (days: number) => {
    const ripe = added.filter((one) => dayOf(one.added + days * DAY) < dayOf(NOW.getTime()))
    return {
      of: ripe.length,
      kept: ripe.filter((one) => one.ended === undefined || one.ended >= one.added + days * DAY).length,
    }
  }
  const said = talks.filter((talk) => staffIds.includes(talk.staffId) && talk.day >= from && talk.day <= to)
  const mean = (pick: 'share' | 'minutes') => {
    const known = said.filter((talk) => talk[pick] !== null)
    const weight = known.reduce((n, { chats }) => n + Math.max(chats, 1), 0)
    const sum = known.reduce((n, talk) => n + Math.max(talk.chats, 1) * talk[pick]!, 0)
    return weight === 0 ? null : Math.round((sum / weight) * 10) / 10
  }
  const told = (n: number) => (said.length > 0 ? n : null)
  return {
    added: added.length,
    lost: lost.length,
    lostByCustomer: lost.filter((one) => ender(one) === 'customer').length,
    lostByStaff: lost.filter((one) => ender(one) === 'staff').length,
    net: added.length - lost.length,
    kept7: kept(7),
    kept30: kept(30),
    told: said.length,
    chats: told(said.reduce((n, { chats }) => n + chats, 0)),
    messages: told(said.reduce((n, { messages }) => n + messages, 0)),
    replyShare: mean('share'),
    firstReplyMinutes: mean('minutes'),
    applied: told(0),
    negative: told(0),
  }
}

async function aTeam(db: TestDb, prng: Prng) {
  const corpId = await aCorp(db)
  const departmentsOf = [['2'], ['2', '4'], ['3'], ['3'], ['4'], ['1']]
  const staff = await Promise.all(
    departmentsOf.map(async (departments, i) => {
      const userid = `u${i}`
      return { userid, departments, staffId: await aStaff(db, corpId, { userid, name: `成员${i}` }) }
    }),
  )
  await inCorp(db.api, corpId, async (tx) => {
    await tx
      .insertInto('department')
      .values(
        Object.entries(TREE).map(([departmentId, parentId]) => ({
          corpId,
          departmentId,
          parentId,
          name: `部${departmentId}`,
        })),
      )
      .execute()
    await tx
      .insertInto('staffDepartment')
      .values(
        staff.flatMap(({ staffId, departments }) =>
          departments.map((departmentId) => ({ corpId, staffId, departmentId })),
        ),
      )
      .execute()
  })
  const spells = aHistory(prng, staff.slice(0, 5))
  await live(db, corpId, prng, spells)
  const talks = staff.slice(0, 4).flatMap(({ staffId }) =>
    Array.from({ length: 40 }, (_, i): Talk => {
      const chats = prng.int(0, 9)
      const share = prng.chance(0.7) ? prng.int(0, 100) : null
      return {
        staffId,
        day: dayOf(MIDNIGHT - (i + 1) * DAY),
        chats,
        messages: chats * prng.int(1, 5),
        share,
        minutes: share ? prng.int(0, 90) : null,
      }
    }),
  )
  await inCorp(db.api, corpId, (tx) =>
    sql`insert into staff_behavior (corp_id, on_day, staff_id, chats, messages, reply_share, first_reply_minutes, negative, applied, befriended)
      select ${corpId}::bigint, d, s, c, m, r, f, 0, 0, 0 from unnest(${talks.map((t) => t.day)}::date[], ${talks.map((t) => t.staffId)}::bigint[], ${talks.map((t) => t.chats)}::int[],
        ${talks.map((t) => t.messages)}::int[], ${talks.map((t) => t.share)}::real[], ${talks.map((t) => t.minutes)}::real[]) as x(d, s, c, m, r, f)`.execute(
      tx,
    ),
  )
  const below = (id: string): string[] => [
    id,
    ...Object.keys(TREE)
      .filter((child) => TREE[child] === id)
      .flatMap(below),
  ]
  const peopleOf = (departmentId: string) =>
    staff
      .filter(({ departments }) => departments.some((id) => below(departmentId).includes(id)))
      .map(({ staffId }) => staffId)
  return { corpId, staff, spells, talks, peopleOf }
}

test.each([11, 12, 13])(
  'members, departments, totals and lines equal a count of every friendship, for the whole corp and for a manager (seed %i)',
  async (seed) => {
    await using db = await freshDb()
    const { corpId, staff, spells, talks, peopleOf } = await aTeam(db, makePrng(seed))
    const everybody = staff.map(({ staffId }) => staffId)
    const scopes = [
      { scope: undefined, seen: everybody, departments: ['1', '2', '3', '4'] },
      // Of department 4 he sees the one who is in 2 as well: a part, so not the department.
      { scope: ['2'], seen: peopleOf('2'), departments: ['2', '3'] },
      { scope: ['4'], seen: peopleOf('4'), departments: ['4'] },
    ]
    for (const { scope: ids, seen, departments } of scopes) {
      for (const [from, to, beforeFrom, beforeTo] of [
        ['2026-11-14', '2026-11-20', '2026-11-07', '2026-11-13'],
        ['2026-10-22', '2026-11-20', '2026-09-22', '2026-10-21'],
        ['2026-10-01', '2026-10-31', '2026-08-31', '2026-09-30'],
      ] as const) {
        const filter = StatsFilter.parse({ from, to, sort: 'customers' })
        const of = (people: string[]) => expected(spells, talks, people, from, to)
        const holds = (people: string[]) =>
          spells.filter(({ staffId, ended }) => people.includes(staffId) && ended === undefined).length
        await inCorp(db.api, corpId, async (tx) => {
          const grant = { staffId: null, scopeKind: 'tree' as const, scopeDepartments: ids ?? [] }
          const scope = await readScope(tx, corpId, grant)
          const stats = await readStaffStats(tx, corpId, filter, scope, NOW)
          expect(stats.items.map(({ staffId }) => staffId).toSorted()).toEqual(seen.toSorted())
          for (const row of stats.items) {
            expect([row.name, row.now]).toEqual([row.name, of([row.staffId])])
            expect(row.before).toEqual(expected(spells, talks, [row.staffId], beforeFrom, beforeTo))
            expect(row.customers).toBe(holds([row.staffId]))
          }
          expect(stats.items.map(({ customers }) => customers)).toEqual(
            stats.items.map(({ customers }) => customers).toSorted((a, b) => b - a),
          )
          expect(stats.totals).toEqual({
            staff: seen.length,
            customers: holds(seen),
            now: of(seen),
            before: expected(spells, talks, seen, beforeFrom, beforeTo),
          })
          expect(stats.departments.map(({ departmentId, now }) => [departmentId, now])).toEqual(
            departments.map((id) => [id, of(peopleOf(id))]),
          )
          const [line] = (await readStaffTrend(tx, corpId, { from, to }, scope, NOW)).lines
          const [total, lost] = [line!.added, line!.lost].map((values) => values.reduce((n, value) => n + value, 0))
          expect([total, lost]).toEqual([stats.totals.now.added, stats.totals.now.lost])
          const hidden = everybody.filter((staffId) => !seen.includes(staffId)).slice(0, 4)
          expect((await readStaffTrend(tx, corpId, { from, to, staffIds: hidden }, scope, NOW)).lines).toEqual(
            hidden.length > 0 ? [] : [expect.anything()],
          )
          expect(await readStaffRows(tx, corpId, filter, scope, NOW)).toEqual(stats.items)
          const named = await readStaffStats(tx, corpId, { ...filter, departmentId: '3' }, scope, NOW)
          expect(named.departments.map(({ departmentId }) => departmentId)).toEqual(
            departments.filter((id) => id === '3'),
          )
          expect(named.totals.now).toEqual(of(seen.filter((staffId) => peopleOf('3').includes(staffId))))
        })
      }
    }
  },
  120_000,
)

test('what the journal held before there were days is counted as if they had always been there', async () => {
  await using db = await freshDb()
  const prng = makePrng(21)
  const { corpId } = await aTeam(db, prng)
  const read = async () =>
    (
      await sql<object>`select on_day, staff_id, added, lost_by_customer, lost_by_staff, lost_otherwise, gone_7, gone_30 from staff_day where corp_id = ${corpId}::bigint order by 1, 2`.execute(
        db.owner,
      )
    ).rows
  const lived = await read()
  expect(lived.length).toBeGreaterThan(50)
  await sql`delete from staff_day`.execute(db.owner)
  const migration = await readMigration()
  await sql.raw(migration).execute(db.owner)
  expect(await read()).toEqual(lived)
}, 60_000)

async function readMigration(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  const text = await readFile(`${import.meta.dirname}/../../../migrations/0020_staff_days.sql`, 'utf8')
  const [, backfill = ''] = /(insert into staff_day[\s\S]+?;)/.exec(text) ?? []
  return backfill
}
