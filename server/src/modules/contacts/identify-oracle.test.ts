import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identify, of, stand } from '../../../test/persons.ts'
import { aContact, aCorp, aStaff, freshDb, testVault } from '../../../test/world.ts'
import { IDENTITY_KINDS, type Identifier } from './identifiers.ts'

/** ADR 15 said again, one group at a time over plain lists: slow, and nothing like the tables. */
class Oracle {
  persons: { ids: Map<string, number>; followed: boolean; had: Set<object> }[] = []
  reviews: [object, object][] = []
  private key = (one: Identifier) => `${one.kind} ${one.value}`
  private who = (one: Identifier) => this.persons.find((p) => p.ids.has(this.key(one)))
  private fresh() {
    const person = { ids: new Map<string, number>(), followed: false, had: new Set<object>() }
    person.had.add(person)
    this.persons.push(person)
    return person
  }
  private alike = (a: string, b: string) => {
    const [kindA, kindB] = [a.split(' ')[0], b.split(' ')[0]]
    const part = (key: string) => (/^(openid|buyer) /.test(key) ? key.split(' ')[1]!.split(':')[0] : '')
    return kindA === kindB && kindA !== 'device' && part(a) === part(b)
  }
  private hasAnother = (p: { ids: Map<string, number> }, ones: Identifier[], kinds: RegExp) =>
    ones.some((one) => {
      const key = this.key(one)
      const same = [...p.ids.keys()].filter((k) => kinds.test(k) && this.alike(k, key))
      return same.length > 0 && !same.includes(key)
    })
  private isVisitor = (p: { ids: Map<string, number>; followed: boolean }) =>
    !p.followed && [...p.ids.keys()].every((key) => key.startsWith('device '))

  tell(group: Identifier[]) {
    const VERIFIED = /^(external_userid|unionid|member) /
    const named = group
      .filter((one) => one.kind !== 'device')
      .sort(
        (a, b) =>
          b.trust - a.trust ||
          IDENTITY_KINDS.indexOf(a.kind) - IDENTITY_KINDS.indexOf(b.kind) ||
          (this.key(a) < this.key(b) ? -1 : 1),
      )
    const devices = group.filter((one) => one.kind === 'device')
    const put = (one: Identifier, p: ReturnType<Oracle['fresh']>) => {
      const was = p.ids.get(this.key(one)) ?? -1
      for (const q of this.persons) q.ids.delete(this.key(one))
      p.ids.set(this.key(one), Math.max(was, one.trust))
    }
    if (named.length === 0) {
      const seat = devices.map(this.who).find(Boolean) ?? this.fresh()
      for (const d of devices) if (!this.who(d)) put(d, seat)
      return seat
    }
    const stands = (p: object) =>
      named
        .filter((one) => this.who(one) === p)
        .map((one) => [one.trust, this.who(one)!.ids.get(this.key(one))!] as const)
    const link = (p: object) => Math.max(...stands(p).map(([said, held]) => Math.min(said, held)))
    const proven = (p: object) => stands(p).some(([said, held]) => said >= held)
    const known = [...new Set(named.map(this.who).filter((p) => p !== undefined))]
    const open = named.filter((one) => !this.who(one))
    const guest = () =>
      devices
        .map(this.who)
        .find((p) => p && !known.slice(0, claim ? 1 : undefined).includes(p) && !this.hasAnother(p, open, /./))
    const owner = this.who(named[0]!)
    const claim = owner !== undefined && !proven(owner)
    if (claim) {
      const rest = [...open, ...devices.filter((d) => !this.who(d))]
      const claimant = guest() ?? (rest.length > 0 ? this.fresh() : undefined)
      if (claimant) {
        for (const one of rest) put(one, claimant)
        this.reviews.push([owner!, claimant])
      }
      return owner!
    }
    const links = new Map(known.map((p) => [p, link(p)]))
    const taker = owner ?? known.find((p) => proven(p) && !this.hasAnother(p, open, VERIFIED))
    let seat = taker ?? guest() ?? this.fresh()
    const mine = taker ? links.get(taker)! : named[0]!.trust
    const join = (p: ReturnType<Oracle['fresh']>, strength: number) => {
      if (p === seat) return
      const keys = (q: typeof p) =>
        new Set([...q.ids.keys()].filter((k) => VERIFIED.test(k)).map((k) => k.split(' ')[0]))
      if (strength < 2 || (p.followed && seat.followed) || [...keys(p)].some((k) => keys(seat).has(k))) {
        this.reviews.push([seat, p])
        return
      }
      const both = [seat, p]
      seat = both[0]!
      for (const [key, trust] of both[1]!.ids) seat.ids.set(key, trust)
      seat.followed ||= both[1]!.followed
      for (const one of both[1]!.had) seat.had.add(one)
      this.persons = this.persons.filter((q) => q !== both[1])
    }
    for (const p of known) join(p, Math.min(mine, links.get(p)!))
    const strangers = open.filter((one) => this.hasAnother(seat, [one], VERIFIED))
    if (strangers.length > 0) {
      const other = this.fresh()
      for (const one of strangers) put(one, other)
      this.reviews.push([seat, other])
    }
    for (const one of open) if (!strangers.includes(one)) put(one, seat)
    for (const one of named) if (this.who(one) === seat) put(one, seat)
    for (const d of devices) {
      const before = this.who(d)
      if (before && before !== seat && this.isVisitor(before)) join(before, mine)
      else put(d, seat)
    }
    return seat
  }
  root = (person: object) => this.persons.find((p) => p.had.has(person))!
}

const anyTrust = fc.constantFrom<1 | 2>(1, 2, 2)
const anyName: fc.Arbitrary<Identifier> = fc.oneof(
  fc.record({
    kind: fc.constant('external_userid' as const),
    value: fc.constantFrom('e1', 'e2', 'e3'),
    trust: fc.constant(2 as const),
  }),
  fc.record({ kind: fc.constant('unionid' as const), value: fc.constantFrom('u1', 'u2', 'u3'), trust: anyTrust }),
  fc.record({ kind: fc.constant('member' as const), value: fc.constantFrom('m1', 'm2'), trust: anyTrust }),
  fc.record({ kind: fc.constant('openid' as const), value: fc.constantFrom('a:o1', 'a:o2', 'b:o1'), trust: anyTrust }),
  fc.record({
    kind: fc.constant('phone' as const),
    value: fc.constantFrom('13800000001', '13800000002', '13800000003'),
    trust: anyTrust,
  }),
  fc.record({ kind: fc.constant('buyer' as const), value: fc.constantFrom('jd:1', 'jd:2', 'tb:1'), trust: anyTrust }),
)
const anyDevice: fc.Arbitrary<Identifier> = fc.record({
  kind: fc.constant('device' as const),
  value: fc.constantFrom('d1', 'd2', 'd3', 'd4'),
  trust: fc.constant(0 as const),
})
// One of each kind in a group, as every door takes them.
const anyGroup = fc
  .tuple(
    fc.uniqueArray(anyName, { maxLength: 3, selector: (one) => one.kind }),
    fc.uniqueArray(anyDevice, { maxLength: 2, selector: (one) => one.value }),
  )
  .map(([names, devices]) => [...names, ...devices])
  .filter((group) => group.length > 0)

test('PB-03, property: whatever identifiers meet in whatever batches, persons and reviews are those of ADR 15 told one by one', async () => {
  await using db = await freshDb()
  let told = 0
  let merged = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyGroup, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
      async (batches) => {
        const corpId = await aCorp(db)
        const oracle = new Oracle()
        const amy = await aStaff(db, corpId)
        const ids = new Map<string, object>()
        for (const externalUserid of ['e1', 'e2']) {
          const seat = oracle.tell([of('external_userid', externalUserid)])
          seat.followed = true
          ids.set(await aContact(db, corpId, { externalUserid, staffId: amy }), seat)
        }
        const seats: [string, object][] = [...ids]
        for (const batch of batches) {
          const expected = batch.map((group) => oracle.tell(group))
          const got = await identify(db, corpId, batch)
          got.forEach((contactId, i) => void seats.push([contactId, expected[i]!]))
          told += batch.length
        }
        const { root, pairs, identities } = await stand(db, corpId)
        merged += [...root].filter(([id, to]) => id !== to).length
        // Who is one for us is one for the oracle, and the other way round.
        const [ours, theirs] = [new Map<string, object>(), new Map<object, string>()]
        for (const [contactId, person] of seats) {
          const [one, other] = [root.get(contactId)!, oracle.root(person)]
          expect(ours.get(one) ?? other).toBe(other)
          expect(theirs.get(other) ?? one).toBe(one)
          ours.set(one, other)
          theirs.set(other, one)
        }
        // Every identifier stands where it stands for the oracle, as trusted; and on a root.
        const sets = (rows: [string, string][]) =>
          [...Map.groupBy(rows, ([who]) => who).values()]
            .map((g) =>
              g
                .map(([, k]) => k)
                .sort()
                .join('|'),
            )
            .sort()
        const phones = new Map(
          ['1', '2', '3'].map((n) => [testVault.fingerprint(JSON.stringify([`1380000000${n}`])), `1380000000${n}`]),
        )
        expect(
          sets(identities.map((i) => [i.contactId, `${i.kind} ${phones.get(i.value) ?? i.value} ${i.trust}`])),
        ).toEqual(
          sets(
            oracle.persons.flatMap((p, n) =>
              [...p.ids].map(([key, trust]): [string, string] => [`${n}`, `${key} ${trust}`]),
            ),
          ),
        )
        for (const { contactId } of identities) expect(root.get(contactId)).toBe(contactId)
        // Two verified ids of one kind are never one person.
        for (const kind of ['external_userid', 'unionid', 'member'])
          for (const of of Map.groupBy(
            identities.filter((i) => i.kind === kind),
            (i) => i.contactId,
          ).values())
            expect(of).toHaveLength(1)
        const waiting = (all: [unknown, unknown][], name: (one: never) => string) =>
          [
            ...new Set(
              all.filter(([a, b]) => a !== b).map(([a, b]) => [name(a as never), name(b as never)].sort().join(' ~ ')),
            ),
          ].sort()
        const named = new Map<object, string>()
        for (const p of oracle.persons) named.set(p, [...p.ids.keys()].sort().join('|'))
        const ourName = (id: string) =>
          identities
            .filter((i) => i.contactId === id)
            .map((i) => `${i.kind} ${phones.get(i.value) ?? i.value}`)
            .sort()
            .join('|')
        expect(
          waiting(
            pairs.map(({ a, b }) => [root.get(a), root.get(b)]),
            ourName,
          ),
        ).toEqual(
          waiting(
            oracle.reviews.map(([a, b]) => [oracle.root(a), oracle.root(b)]),
            (p: object) => named.get(p)!,
          ),
        )
      },
    ),
    { numRuns: 150 },
  )
  console.info(`${told} groups told, ${merged} contacts merged`)
  expect(merged).toBeGreaterThan(20)
}, 120_000)
