import { HEX, hashText, ID_LETTERS, makePrng, type Prng } from '../prng.ts'
import type { Store } from '../store.ts'
import type { MassDays, MassTask, Moment } from './mass-records.ts'
import type {
  ContactWay,
  CorpInfo,
  Customer,
  Department,
  Effect,
  Follow,
  Group,
  Media,
  Message,
  OutEvent,
  PendingAdd,
  Staff,
  Tag,
  TagGroup,
  Welcome,
} from './records.ts'

/** Ids handed out in the last unwritten batch of a killed process must not be handed out again. */
const COUNTER_LEAP = 10_000
/** A world that runs for months must not grow by what was sent long ago; the older half goes at once. */
const EFFECTS_MAX = 200_000

/** A month and what may be entered late. */
const MASS_DAYS_KEPT = 62

/** userids are case-insensitive: every index is keyed by this. */
export function foldUserid(userid: string): string {
  return userid.toLowerCase()
}

export function pairKey(userid: string, externalUserid: string): string {
  return `${foldUserid(userid)} ${externalUserid}`
}

/** The state of one company and the indexes over it. Whoever changes a record calls its `save…`. */
export class Corp {
  readonly info: CorpInfo
  readonly departments = new Map<number, Department>()
  readonly staff = new Map<string, Staff>()
  readonly customers = new Map<string, Customer>()
  readonly customerByMemberNumber = new Map<string, Customer>()
  readonly #followsOfCustomer = new Map<string, Follow[]>()
  /** Sorted by `seq`, so that a page is found by bisection and read in order. */
  readonly #followsOfStaff = new Map<string, Follow[]>()
  readonly tagGroups = new Map<string, TagGroup>()
  readonly tags = new Map<string, Tag>()
  readonly contactWays = new Map<string, ContactWay>()
  readonly groups = new Map<string, Group>()
  readonly #conversations = new Map<string, Message[]>()
  readonly #conversationsOfStaff = new Map<string, Message[][]>()
  readonly welcomes = new Map<string, Welcome>()
  readonly media = new Map<string, Media>()
  readonly massTasks = new Map<string, MassTask>()
  readonly moments = new Map<string, Moment>()
  readonly #massDays = new Map<string, readonly number[]>()
  readonly pendingAdds = new Map<string, PendingAdd>()
  readonly outEvents = new Map<number, OutEvent>()
  readonly effects: Effect[] = []
  readonly #store: Store
  readonly #seedWord: number

  constructor(info: CorpInfo, store: Store) {
    this.info = info
    this.#store = store
    this.#seedWord = hashText(info.corpid)
  }

  // ── ids ──

  /** A generator no other id of this corp shares. */
  #freshPrng(): Prng {
    this.saveInfo()
    return makePrng(this.info.seed, this.#seedWord, ++this.info.idCounter, 7)
  }

  makeId(prefix: string, length: number): string {
    return prefix + this.#freshPrng().text(length - prefix.length, ID_LETTERS)
  }

  makeHexId(): string {
    return this.#freshPrng().text(32, HEX)
  }

  nextSequence(): number {
    this.saveInfo()
    return ++this.info.sequence
  }

  // ── reading ──

  findStaff(userid: string): Staff | undefined {
    return this.staff.get(foldUserid(userid))
  }

  followsOfCustomer(externalUserid: string): readonly Follow[] {
    return this.#followsOfCustomer.get(externalUserid) ?? []
  }

  followsOfStaff(userid: string): readonly Follow[] {
    return this.#followsOfStaff.get(foldUserid(userid)) ?? []
  }

  findFollow(userid: string, externalUserid: string): Follow | undefined {
    const folded = foldUserid(userid)
    return this.#followsOfCustomer.get(externalUserid)?.find((follow) => foldUserid(follow.userid) === folded)
  }

  get followCount(): number {
    let count = 0
    for (const follows of this.#followsOfStaff.values()) count += follows.length
    return count
  }

  /** Customers with at least one follower: the others are people of the world the company has not met. */
  get customerCount(): number {
    return this.#followsOfCustomer.size
  }

  conversation(userid: string, externalUserid: string): readonly Message[] {
    return this.#conversations.get(pairKey(userid, externalUserid)) ?? []
  }

  conversationsOfStaff(userid: string): readonly (readonly Message[])[] {
    return this.#conversationsOfStaff.get(foldUserid(userid)) ?? []
  }

  *conversations(): Iterable<readonly Message[]> {
    yield* this.#conversations.values()
  }

  /** The days on which a customer or group got mass messages, in no order. */
  massDays(id: string): readonly number[] {
    return this.#massDays.get(id) ?? []
  }

  membersOfDepartments(ids: readonly number[]): Staff[] {
    const wanted = new Set(ids)
    for (const department of this.departments.values()) if (wanted.has(department.parentId)) wanted.add(department.id)
    return [...this.staff.values()].filter((staff) => staff.departmentIds.some((id) => wanted.has(id)))
  }

  // ── writing ──

  #put(kind: string, id: string | number, value: unknown): void {
    if (this.info.persist) this.#store.put(kind, `${this.info.corpid}/${id}`, value)
  }

  #remove(kind: string, id: string | number): void {
    if (this.info.persist) this.#store.remove(kind, `${this.info.corpid}/${id}`)
  }

  saveInfo(): void {
    if (this.info.persist) this.#store.put('corp', this.info.corpid, this.info)
  }

  saveDepartment(department: Department): void {
    this.departments.set(department.id, department)
    this.#put('department', department.id, department)
  }

  saveStaff(staff: Staff): void {
    this.staff.set(foldUserid(staff.userid), staff)
    this.#put('staff', foldUserid(staff.userid), staff)
  }

  removeStaff(userid: string): void {
    this.staff.delete(foldUserid(userid))
    this.#remove('staff', foldUserid(userid))
  }

  saveCustomer(customer: Customer): void {
    this.customers.set(customer.externalUserid, customer)
    if (customer.memberNumber !== undefined) this.customerByMemberNumber.set(customer.memberNumber, customer)
    this.#put('customer', customer.externalUserid, customer)
  }

  addFollow(follow: Follow): void {
    indexOf(this.#followsOfCustomer, follow.externalUserid).push(follow)
    indexOf(this.#followsOfStaff, foldUserid(follow.userid)).push(follow)
    this.saveFollow(follow)
  }

  saveFollow(follow: Follow): void {
    this.#put('follow', pairKey(follow.userid, follow.externalUserid), follow)
  }

  removeFollow(follow: Follow): void {
    removeFrom(this.#followsOfCustomer, follow.externalUserid, follow)
    removeFrom(this.#followsOfStaff, foldUserid(follow.userid), follow)
    this.#remove('follow', pairKey(follow.userid, follow.externalUserid))
  }

  saveTagGroup(group: TagGroup): void {
    this.tagGroups.set(group.id, group)
    for (const tag of group.tags) this.tags.set(tag.id, tag)
    this.#put('tagGroup', group.id, group)
  }

  removeTagGroup(group: TagGroup): void {
    this.tagGroups.delete(group.id)
    for (const tag of group.tags) this.tags.delete(tag.id)
    this.#remove('tagGroup', group.id)
  }

  saveContactWay(way: ContactWay): void {
    this.contactWays.set(way.configId, way)
    this.#put('contactWay', way.configId, way)
  }

  removeContactWay(configId: string): void {
    this.contactWays.delete(configId)
    this.#remove('contactWay', configId)
  }

  saveGroup(group: Group): void {
    this.groups.set(group.chatId, group)
    this.#put('group', group.chatId, group)
  }

  removeGroup(chatId: string): void {
    this.groups.delete(chatId)
    this.#remove('group', chatId)
  }

  addMessage(message: Message): void {
    this.#keepMessage(message)
    this.#put('message', message.seq, message)
  }

  #keepMessage(message: Message): void {
    const key = pairKey(message.userid, message.externalUserid)
    const known = this.#conversations.get(key)
    if (known) return void known.push(message)
    const conversation = [message]
    this.#conversations.set(key, conversation)
    indexOf(this.#conversationsOfStaff, foldUserid(message.userid)).push(conversation)
  }

  removeConversation(userid: string, externalUserid: string): void {
    const key = pairKey(userid, externalUserid)
    const conversation = this.#conversations.get(key)
    if (!conversation) return
    for (const message of conversation) this.#remove('message', message.seq)
    this.#conversations.delete(key)
    removeFrom(this.#conversationsOfStaff, foldUserid(userid), conversation)
  }

  saveWelcome(welcome: Welcome): void {
    this.welcomes.set(welcome.code, welcome)
    this.#put('welcome', welcome.code, welcome)
  }

  saveMedia(media: Media, bytes: Uint8Array): void {
    this.media.set(media.mediaId, media)
    this.#put('media', media.mediaId, media)
    this.#store.putBytes(`${this.info.corpid}/${media.mediaId}`, bytes)
  }

  mediaBytes(mediaId: string): Uint8Array | undefined {
    return this.#store.readBytes(`${this.info.corpid}/${mediaId}`)
  }

  saveMassTask(task: MassTask): void {
    this.massTasks.set(task.msgid, task)
    this.#put('massTask', task.msgid, task)
  }

  saveMoment(moment: Moment): void {
    this.moments.set(moment.momentId, moment)
    this.#put('moment', moment.momentId, moment)
  }

  /** Days that no window of the latest one can reach are forgotten. */
  saveMassDays(id: string, days: readonly number[]): void {
    const oldest = Math.max(...days) - MASS_DAYS_KEPT
    const kept = days.filter((day) => day >= oldest)
    this.#massDays.set(id, kept)
    this.#put('massDays', id, { id, days: kept })
  }

  savePendingAdd(pending: PendingAdd): void {
    this.pendingAdds.set(pairKey(pending.userid, pending.externalUserid), pending)
    this.#put('pendingAdd', pairKey(pending.userid, pending.externalUserid), pending)
  }

  removePendingAdd(userid: string, externalUserid: string): void {
    this.pendingAdds.delete(pairKey(userid, externalUserid))
    this.#remove('pendingAdd', pairKey(userid, externalUserid))
  }

  saveOutEvent(event: OutEvent): void {
    this.outEvents.set(event.seq, event)
    this.#put('outEvent', event.seq, event)
  }

  removeOutEvent(event: OutEvent): void {
    this.outEvents.delete(event.seq)
    this.#remove('outEvent', event.seq)
  }

  addEffect(effect: Omit<Effect, 'seq'>): void {
    const numbered: Effect = { ...effect, seq: this.nextSequence() }
    this.effects.push(numbered)
    if (this.effects.length > EFFECTS_MAX)
      for (const old of this.effects.splice(0, EFFECTS_MAX / 2)) this.#remove('effect', old.seq)
    this.#put('effect', numbered.seq, numbered)
  }

  // ── loading ──

  /** How each stored kind comes back. Whoever loads gives numbered kinds in the order of `seq`. */
  restorers(): Record<string, (value: never) => void> {
    return {
      department: (it: Department) => this.departments.set(it.id, it),
      staff: (it: Staff) => this.staff.set(foldUserid(it.userid), it),
      customer: (it: Customer) => {
        this.customers.set(it.externalUserid, it)
        if (it.memberNumber !== undefined) this.customerByMemberNumber.set(it.memberNumber, it)
      },
      follow: (it: Follow) => {
        indexOf(this.#followsOfCustomer, it.externalUserid).push(it)
        indexOf(this.#followsOfStaff, foldUserid(it.userid)).push(it)
      },
      tagGroup: (it: TagGroup) => {
        this.tagGroups.set(it.id, it)
        for (const tag of it.tags) this.tags.set(tag.id, tag)
      },
      contactWay: (it: ContactWay) => this.contactWays.set(it.configId, it),
      group: (it: Group) => this.groups.set(it.chatId, it),
      message: (it: Message) => this.#keepMessage(it),
      welcome: (it: Welcome) => this.welcomes.set(it.code, it),
      media: (it: Media) => this.media.set(it.mediaId, it),
      massTask: (it: MassTask) => this.massTasks.set(it.msgid, it),
      moment: (it: Moment) => this.moments.set(it.momentId, it),
      massDays: (it: MassDays) => this.#massDays.set(it.id, it.days),
      pendingAdd: (it: PendingAdd) => this.pendingAdds.set(pairKey(it.userid, it.externalUserid), it),
      outEvent: (it: OutEvent) => this.outEvents.set(it.seq, it),
      effect: (it: Effect) => this.effects.push(it),
    }
  }

  /** After loading: no number of a lost batch may come again. */
  leapCounters(): void {
    this.info.idCounter += COUNTER_LEAP
    this.info.sequence += COUNTER_LEAP
    this.saveInfo()
  }
}

function indexOf<K, T>(index: Map<K, T[]>, key: K): T[] {
  const known = index.get(key)
  if (known) return known
  const list: T[] = []
  index.set(key, list)
  return list
}

function removeFrom<K, T>(index: Map<K, T[]>, key: K, item: T): void {
  const list = index.get(key)
  const at = list?.indexOf(item) ?? -1
  if (!list || at < 0) return
  list.splice(at, 1)
  if (list.length === 0) index.delete(key)
}
