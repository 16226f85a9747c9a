import type { Prng } from '../prng.ts'
import type { Corp } from '../world/corp.ts'
import type { Follow, Message } from '../world/records.ts'
import { STORES } from './company.ts'
import { FIRST_TALKS, GIFTS, LATER_TALKS, TEAS, TODAY_TALKS, type Turn, WELCOMES } from './dialogues.ts'
import { DAY_S, pastMoment } from './history.ts'

type Line = Omit<Message, 'seq'>

/** What they have said to each other: a welcome, often a first talk, sometimes later ones, and today's for each guide. */
export function tellPast(corp: Corp, prng: Prng, now: number): void {
  const lines: Line[] = []
  for (const staff of corp.staff.values()) {
    const follows = corp.followsOfStaff(staff.userid)
    for (const follow of follows) lines.push(...pastOf(corp, prng, follow, now))
    const regulars = follows.filter((follow) => follow.createtime < now - 30 * DAY_S)
    for (const [at, talk] of TODAY_TALKS.entries()) {
      if (regulars.length === 0) continue
      const minutesAgo = 12 + at * 47 + prng.int(0, 30)
      lines.push(...tell(corp, prng, prng.pick(regulars), talk, now - minutesAgo * 60))
    }
  }
  lines.sort((a, b) => a.at - b.at)
  for (const line of lines) corp.addMessage({ ...line, seq: corp.nextSequence() })
}

function pastOf(corp: Corp, prng: Prng, follow: Follow, now: number): Line[] {
  const pair = { userid: follow.userid, externalUserid: follow.externalUserid }
  const name = corp.findStaff(follow.userid)!.name
  const lines: Line[] = [
    {
      ...pair,
      from: 'system',
      kind: 'note',
      text: `你已添加${name}，可以开始聊天了`,
      note: 'added',
      at: follow.createtime,
    },
  ]
  if (prng.chance(0.85)) {
    const delaySeconds = prng.int(6, 42) / 10
    const text = fill(corp, prng, follow, prng.pick(WELCOMES))
    lines.push({
      ...pair,
      from: 'staff',
      kind: 'text',
      text,
      at: follow.createtime + Math.round(delaySeconds),
      welcome: { delaySeconds },
    })
  }
  if (prng.chance(0.4))
    lines.push(
      ...asLived(prng, tell(corp, prng, follow, prng.pick(FIRST_TALKS), follow.createtime + prng.int(120, 5400))),
    )
  const knownDays = Math.floor((now - follow.createtime) / DAY_S)
  if (knownDays > 14 && prng.chance(0.25)) {
    lines.push(...asLived(prng, tell(corp, prng, follow, prng.pick(LATER_TALKS), pastMoment(prng, now, knownDays - 7))))
  }
  return lines.filter((line) => line.at < now)
}

/** Not every question is answered, and some wait for the end of a rush. */
function asLived(prng: Prng, lines: Line[]): Line[] {
  const answer = lines.findIndex(({ from }) => from === 'staff')
  if (answer > 0 && prng.chance(0.14)) return lines.slice(0, answer)
  const wait = prng.chance(0.4) ? prng.int(3, 75) * 60 : 0
  return lines.map((line, at) => (at < answer ? line : { ...line, at: line.at + wait }))
}

function tell(corp: Corp, prng: Prng, follow: Follow, talk: readonly Turn[], from: number): Line[] {
  let at = from
  const said = new Map<string, string>()
  return talk.map(([who, text]) => {
    at += prng.int(20, 150)
    return {
      userid: follow.userid,
      externalUserid: follow.externalUserid,
      from: who === 'c' ? 'customer' : 'staff',
      kind: 'text',
      // A talk stays with one tea and one price.
      text: fill(corp, prng, follow, text, said),
      at,
    } satisfies Line
  })
}

function fill(corp: Corp, prng: Prng, follow: Follow, text: string, said = new Map<string, string>()): string {
  const staff = corp.findStaff(follow.userid)!
  return text.replace(/\{(\w+)\}/g, (_whole, slot: string) => {
    if (slot === 'name') return staff.name
    if (slot === 'nick') return corp.customers.get(follow.externalUserid)!.name
    if (slot === 'store') return STORES.find((store) => staff.departmentIds.includes(store.id))?.name ?? '总部'
    const known = said.get(slot)
    if (known) return known
    const value =
      slot === 'tea' ? prng.pick(TEAS) : slot === 'gift' ? prng.pick(GIFTS) : String(prng.int(4, 58) * 10 - 2)
    said.set(slot, value)
    return value
  })
}
