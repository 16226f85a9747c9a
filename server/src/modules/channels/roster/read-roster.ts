import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { planRoster } from './check-roster.ts'
import { type CodeTurn, readTurns } from './read-turns.ts'
import { alwaysRoster, capOf, everybodyIn } from './roster-at.ts'
import type { NextScan, Roster, RosterPlan } from './schema.ts'

interface Person {
  staffId: string
  name: string
  avatar: string | null
  able: boolean
}

/** Everybody a roster names; somebody unknown here, or of another corp, is refused. */
async function readPeople(tx: Tx, corpId: string, roster: Roster): Promise<Person[]> {
  const staffIds = everybodyIn(roster)
  const { rows } = await sql<Person>`
    select s.staff_id, s.name, s.avatar, s.left_at is null and s.status = 1 as able from staff s
    where s.corp_id = ${corpId}::bigint and s.staff_id = any(${staffIds}::bigint[]) order by s.name, s.staff_id`.execute(
    tx,
  )
  if (rows.length < staffIds.length) throw new NotFound({ what: '成员' })
  return rows
}

/** What a roster, saved or not, will do in the coming days. */
export async function planOf(tx: Tx, corpId: string, roster: Roster, now: Date): Promise<RosterPlan> {
  return planRoster(roster, await readPeople(tx, corpId, roster), now)
}

/** Of a code: its coming days, null without a roster, and who receives the next scan. */
export async function readRoster(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  now: Date,
): Promise<{ plan: RosterPlan | null; next: NextScan }> {
  const [code] = await readTurns(tx, corpId, [channelCodeId], now)
  if (!code) throw new NotFound({ what: '渠道活码' })
  const roster = code.roster ?? alwaysRoster([...code.turn.verdicts.keys()])
  const people = await readPeople(tx, corpId, roster)
  return { plan: code.roster && planRoster(roster, people, now), next: nextOf(code, roster, people, now) }
}

function nextOf(code: CodeTurn, roster: Roster, people: Person[], now: Date): NextScan {
  const { turn, standing, toldStaffIds, toldSkipVerify, skipVerify } = code
  return {
    at: now.toISOString(),
    receives: turn.receives,
    byBackup: turn.byBackup && code.roster !== null,
    skipVerify,
    changesAt: turn.changesAt?.toISOString() ?? null,
    onItsWay: toldStaffIds?.join() !== turn.receives.join() || toldSkipVerify !== skipVerify,
    people: people.map(({ staffId, name, avatar }) => {
      const cap = capOf(roster, staffId)
      return {
        staffId,
        name,
        avatar,
        verdict: turn.verdicts.get(staffId) ?? 'cannot',
        addsToday: standing.addsToday.get(staffId) ?? 0,
        dailyCap: Number.isFinite(cap) ? cap : null,
        offUntil: standing.off.get(staffId)?.toISOString() ?? null,
      }
    }),
  }
}
