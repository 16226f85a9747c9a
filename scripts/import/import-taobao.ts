import type { Members } from './members.ts'
import { createSender, type Tally } from './sender.ts'
import { type Behaviour, KINDS, messageOf, readRows } from './taobao.ts'

export interface Imported {
  rows: number
  unreadable: number
  users: number
  /** Of them, those a customer was named for. */
  customers: number
  members: Tally
  behaviours: Record<Behaviour, Tally>
}

const SHOWN_EVERY = 20
const NOTHING: Tally = { accepted: 0, duplicates: 0, refused: {} }

/** Says whose the member numbers are, then what they did. Repeating it adds nothing. */
export async function importTaobao(
  path: string,
  { url, key, members, print }: { url: string; key: string; members: Members; print(line: string): void },
): Promise<Imported> {
  let [rows, unreadable, answers] = [0, 0, 0]
  const sender = createSender(url, key, () => {
    if (++answers % SHOWN_EVERY === 0) print(`已发 ${answers} 批，读到第 ${rows} 行`)
  })
  const now = new Date().toISOString()
  const named = new Set<string>()
  for await (const { member, externalUserid } of members) {
    named.add(member)
    const ids = { external_userid: externalUserid, member }
    await sender.add('members', { type: 'identify', messageId: `member ${member} ${externalUserid}`, at: now, ids })
  }
  await sender.settle() // whoever acts has a name by then
  print(`会员号对上了 ${named.size} 位客户`)
  const users = new Set<string>()
  for await (const row of readRows(path)) {
    rows++
    if (!row) {
      unreadable++
      continue
    }
    users.add(row.user)
    await sender.add(row.behaviour, messageOf(row))
  }
  const tallies = await sender.settle()
  const of = (kind: string) => tallies.get(kind) ?? NOTHING
  return {
    rows,
    unreadable,
    users: users.size,
    customers: [...users].filter((user) => named.has(user)).length,
    members: of('members'),
    behaviours: { pv: of('pv'), cart: of('cart'), fav: of('fav'), buy: of('buy') },
  }
}

/** What it came to, for people. */
export function sayImported({ rows, unreadable, users, customers, members, behaviours }: Imported): string {
  const line = (name: string, { accepted, duplicates, refused }: Tally) => {
    const reasons = Object.entries(refused).map(([code, count]) => `，拒收 ${count}（${code}）`)
    return `${name}  新增 ${accepted}，已有 ${duplicates}${reasons.join('')}`
  }
  return [
    `读了 ${rows} 行，${users} 位用户，其中 ${customers} 位是客户；看不懂 ${unreadable} 行`,
    line('会员号', members),
    ...Object.entries(behaviours).map(([name, tally]) => line(`${name} → ${KINDS[name as Behaviour]}`, tally)),
  ].join('\n')
}
