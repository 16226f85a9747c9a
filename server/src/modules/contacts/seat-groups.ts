import { byStrength, isVerified, type KeptIdentifier } from './identifiers.ts'

/** Whom an identifier stands on, and how far that is to be believed. */
export interface Holding {
  contactId: string
  trust: number
}

/** What decides whether a contact may become one with another. */
export interface Person {
  /** Values by slot; devices are nobody's name and not among them. */
  names: Map<string, Set<string>>
  /** Has or had friends among the members. */
  followed: boolean
}

/** What stands before a batch. Seating works on it, so it is handed over. */
export interface Standing {
  holdings: Map<string, Holding>
  persons: Map<string, Person>
  /** Pairs a person has said are two, as `pairOf` writes them. */
  apart: ReadonlySet<string>
}

export interface Seating {
  /** One contact per group. */
  seats: string[]
  made: string[]
  merges: { from: string; into: string }[]
  reviews: { pair: [string, string]; met: KeptIdentifier[] }[]
  /** By key, whom each identifier stands on after all of it. */
  holdings: Map<string, Holding>
  /** Known before and not as they were. */
  touched: Set<string>
}

const older = (a: string, b: string) => BigInt(a) < BigInt(b)
const inOrder = (a: string, b: string): [string, string] => (older(a, b) ? [a, b] : [b, a])
export const pairOf = (a: string, b: string): string => inOrder(a, b).join(' ')

/**
 * Gives every group of identifiers that came together its contact, one after another, by ADR 15. Pure: the same standing
 * and groups give the same seats. `freshId` draws the id of a contact to be made.
 */
export function seatGroups(
  groups: readonly (readonly KeptIdentifier[])[],
  standing: Standing,
  freshId: (group: number) => string,
): Seating {
  const table = new Table(standing)
  const seats = groups.map((group, index) => seatOne(table, group, () => table.make(freshId(index))))
  return table.end(seats)
}

interface Node {
  contactId: string
  /** How far it is proven that the group means him: no further than its word, no further than what stands. */
  link: number
  /** Nobody says less than what stands on him: a visitor who types another's phone number is not him. */
  proven: boolean
}

function seatOne(table: Table, group: readonly KeptIdentifier[], make: () => string): string {
  const named = group.filter(({ kind }) => kind !== 'device').sort(byStrength)
  const devices = group.filter(({ kind }) => kind === 'device')
  const [first] = named
  if (!first) return seatDevices(table, devices, make)
  const nodes = nodesOf(table, named)
  const open = named.filter((one) => !table.holder(one))
  const held = table.holder(first)
  if (held && !nodes[0]!.proven) return seatClaim(table, held, first, open, devices, make)

  const taker = held ? nodes[0] : nodes.find((node) => node.proven && !table.clashes(node.contactId, open))
  let seat = taker?.contactId ?? visitor(table, devices, open, nodes) ?? make()
  const link = taker?.link ?? first.trust
  for (const node of nodes) {
    const met = named.filter((one) => table.holder(one) === table.root(node.contactId))
    seat = table.join(seat, node.contactId, Math.min(link, node.link), met)
  }
  giveNames(table, seat, open, make)
  for (const one of named) if (table.holder(one) === seat) table.give(one, seat)
  for (const device of devices) seat = seatDevice(table, seat, device, link, first)
  return seat
}

/** A device alone is whoever it was last; several of one group are the first one's, as far as they were nobody's. */
function seatDevices(table: Table, devices: readonly KeptIdentifier[], make: () => string): string {
  const known = devices.find((one) => table.holder(one))
  const seat = known ? table.holder(known)! : make()
  for (const device of devices) if (!table.holder(device)) table.give(device, seat)
  return seat
}

/** Somebody says he is another without proof: the event is shown with that one, nothing else becomes his, a person looks. */
function seatClaim(
  table: Table,
  claimed: string,
  first: KeptIdentifier,
  open: readonly KeptIdentifier[],
  devices: readonly KeptIdentifier[],
  make: () => string,
): string {
  const rest = [...open, ...devices.filter((one) => !table.holder(one))]
  const claimant =
    visitor(table, devices, open, [{ contactId: claimed, link: 0, proven: false }]) ??
    (rest.length > 0 ? make() : undefined)
  if (!claimant) return claimed
  for (const one of rest) table.give(one, claimant)
  table.review(claimed, claimant, [first])
  return claimed
}

/** Whom the identifiers lead to, by the strongest that does. */
function nodesOf(table: Table, named: readonly KeptIdentifier[]): Node[] {
  const nodes = new Map<string, Node>()
  for (const one of named) {
    const holding = table.holding(one)
    if (!holding) continue
    const node = nodes.get(holding.contactId) ?? { contactId: holding.contactId, link: 0, proven: false }
    node.link = Math.max(node.link, Math.min(one.trust, holding.trust))
    node.proven ||= one.trust >= holding.trust
    nodes.set(holding.contactId, node)
  }
  return [...nodes.values()]
}

/** Who was on the device before and may well be the one the new names are of. */
function visitor(
  table: Table,
  devices: readonly KeptIdentifier[],
  open: readonly KeptIdentifier[],
  nodes: readonly Node[],
): string | undefined {
  return devices
    .map((device) => table.holder(device))
    .find(
      (contactId) =>
        contactId !== undefined &&
        !nodes.some((node) => node.contactId === contactId) &&
        !table.hasOther(contactId, open),
    )
}

/** Names nobody had yet. A verified one beside another of its kind is another person's, and a person looks at it. */
function giveNames(table: Table, seat: string, open: readonly KeptIdentifier[], make: () => string): void {
  const clashing = open.filter((one) => table.clashes(seat, [one]))
  const other = clashing.length > 0 ? make() : undefined
  for (const one of open) table.give(one, other && clashing.includes(one) ? other : seat)
  if (other) table.review(seat, other, clashing)
}

/** A visitor known by devices alone joins whom he proves to be; a device that meets a second person is his from then on. */
function seatDevice(table: Table, seat: string, device: KeptIdentifier, link: number, first: KeptIdentifier): string {
  const before = table.holder(device)
  if (before === undefined || before === seat) table.give(device, seat)
  else if (!table.isVisitor(before) || table.isApart(before, seat)) table.give(device, seat)
  else return table.join(seat, before, link, [first])
  return seat
}

/** Who holds what while groups are being seated. */
class Table {
  private readonly parents = new Map<string, string>()
  private readonly made = new Set<string>()
  private readonly reviews = new Map<string, { pair: [string, string]; met: KeptIdentifier[] }>()
  private readonly touched = new Set<string>()
  private readonly standing: Standing
  constructor(standing: Standing) {
    this.standing = standing
  }

  root(contactId: string): string {
    let root = contactId
    for (let up = this.parents.get(root); up !== undefined; up = this.parents.get(root)) root = up
    return root
  }
  holding(one: KeptIdentifier): Holding | undefined {
    const holding = this.standing.holdings.get(one.key)
    return holding && { ...holding, contactId: this.root(holding.contactId) }
  }
  holder = (one: KeptIdentifier): string | undefined => this.holding(one)?.contactId

  make(contactId: string): string {
    this.made.add(contactId)
    this.standing.persons.set(contactId, { names: new Map(), followed: false })
    return contactId
  }
  /** Stands with him from now on, at least as trusted as it was. */
  give(one: KeptIdentifier, contactId: string): void {
    const before = this.holding(one)
    const trust = before?.contactId === contactId ? Math.max(before.trust, one.trust) : one.trust
    if (before?.contactId === contactId && before.trust === trust) return
    this.touch(contactId)
    if (before) this.touch(before.contactId)
    this.standing.holdings.set(one.key, { contactId, trust })
    if (one.kind !== 'device') this.namesOf(contactId, one.slot).add(one.value)
  }
  /** Whether one of these is of a verified kind of which he has another. */
  clashes = (contactId: string, ones: readonly KeptIdentifier[]): boolean =>
    this.hasOther(contactId, ones.filter(isVerified))
  hasOther(contactId: string, ones: readonly KeptIdentifier[]): boolean {
    const { names } = this.person(contactId)
    return ones.some(({ slot, value }) => (names.get(slot)?.size ?? 0) > 0 && !names.get(slot)!.has(value))
  }
  isVisitor(contactId: string): boolean {
    const { names, followed } = this.person(contactId)
    return names.size === 0 && !followed
  }
  isApart = (a: string, b: string): boolean => this.standing.apart.has(pairOf(a, b))

  /** Makes one of two, or has a person look at them; returns whom `seat` is now. */
  join(seat: string, other: string, link: number, met: KeptIdentifier[]): string {
    const [a, b] = [this.root(seat), this.root(other)]
    if (a === b) return a
    if (link < 2 || this.areTwo(a, b)) {
      this.review(a, b, met)
      return a
    }
    const [into, from] = this.precedes(a, b) ? [a, b] : [b, a]
    this.parents.set(from, into)
    this.touch(from)
    this.touch(into)
    for (const [slot, values] of this.person(from).names)
      for (const value of values) this.namesOf(into, slot).add(value)
    this.person(into).followed ||= this.person(from).followed
    return into
  }
  review(a: string, b: string, met: KeptIdentifier[]): void {
    const pair = inOrder(a, b)
    if (!this.reviews.has(pairOf(a, b))) this.reviews.set(pairOf(a, b), { pair, met })
  }

  end(seats: string[]): Seating {
    const merged = [...this.parents.keys()]
    return {
      seats: seats.map((seat) => this.root(seat)),
      made: [...this.made].filter((id) => !this.parents.has(id)),
      // Who was made and merged in one batch never was anybody of his own.
      merges: merged.filter((id) => !this.made.has(id)).map((from) => ({ from, into: this.root(from) })),
      reviews: [...this.reviews.values()]
        .map(({ pair: [a, b], met }) => ({ pair: inOrder(this.root(a), this.root(b)), met }))
        .filter(({ pair: [a, b] }) => a !== b),
      holdings: new Map(
        [...this.standing.holdings].map(([key, held]) => [key, { ...held, contactId: this.root(held.contactId) }]),
      ),
      touched: this.touched,
    }
  }

  private areTwo(a: string, b: string): boolean {
    const [one, two] = [this.person(a), this.person(b)]
    const clash = [...one.names].some(([slot]) => VERIFIED_SLOTS.has(slot) && two.names.has(slot))
    return clash || (one.followed && two.followed) || this.isApart(a, b)
  }
  /** Whom WeCom's follows stand on stays; then who was here before; then who has WeCom's id; then the older. */
  private precedes(a: string, b: string): boolean {
    const rank = (id: string) => {
      const { followed, names } = this.person(id)
      return (followed ? 4 : 0) + (this.made.has(id) ? 0 : 2) + (names.has('external_userid') ? 1 : 0)
    }
    return rank(a) === rank(b) ? older(a, b) : rank(a) > rank(b)
  }
  private person(contactId: string): Person {
    const person = this.standing.persons.get(contactId)
    if (!person) throw new Error(`contact ${contactId} is not at the table`)
    return person
  }
  private namesOf(contactId: string, slot: string): Set<string> {
    const { names } = this.person(contactId)
    const values = names.get(slot) ?? new Set<string>()
    names.set(slot, values)
    return values
  }
  private touch(contactId: string): void {
    if (!this.made.has(contactId)) this.touched.add(contactId)
  }
}

const VERIFIED_SLOTS: ReadonlySet<string> = new Set(['external_userid', 'unionid', 'member'])
