import { FIRST_TALKS, LATER_TALKS } from './demo/dialogues.ts'
import { makeNickname } from './demo/nicknames.ts'
import { makePrng, type Prng } from './prng.ts'
import { customerSays, staffSays } from './world/chat.ts'
import { editInClient } from './world/client-edits.ts'
import type { Corp } from './world/corp.ts'
import { joinGroup, leaveGroup } from './world/groups.ts'
import { doWhatIsDue } from './world/mass-due.ts'
import { customerDeletes, scanContactWay } from './world/people.ts'
import type { ContactWay, Follow, Group, Staff } from './world/records.ts'
import { Refusal } from './world/refusal.ts'
import type { World } from './world/world.ts'

const TICK_MS = 250
/** However fast the clock runs, a system under test gets no more than this many acts a second. */
const ACTS_PER_TICK_MAX = 20
const PER_MINUTE_DEFAULT = 4

interface AutopilotState {
  on: boolean
  /** Acts in a minute of the world's time. */
  perMinute: number
}

/** Seeded personas keep a company alive: they scan, chat, are tagged, join groups, and now and then somebody leaves. */
export class Autopilot {
  readonly #world: World
  readonly #prng: Prng
  readonly #timer: NodeJS.Timeout
  #lastMs: number
  #due = 0
  acts = 0
  state: AutopilotState

  constructor(world: World) {
    this.#world = world
    this.#prng = makePrng(world.seed, 0xa07, world.clock.seconds(), 3)
    const stored = [...world.store.read('world')].find(({ id }) => id === 'autopilot')?.value
    this.state = (stored as AutopilotState | undefined) ?? { on: false, perMinute: PER_MINUTE_DEFAULT }
    this.#lastMs = world.clock.virtualMs()
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#timer.unref()
  }

  set(change: Partial<AutopilotState>): void {
    this.state = { ...this.state, ...change }
    this.#lastMs = this.#world.clock.virtualMs()
    this.#due = 0
    this.#world.store.put('world', 'autopilot', this.state)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = this.#world.clock.virtualMs()
    const passedMs = now - this.#lastMs
    this.#lastMs = now
    this.#doWhatIsDue()
    if (!this.state.on || this.#world.clock.paused) return
    this.#due = Math.min(this.#due + (passedMs / 60_000) * this.state.perMinute, ACTS_PER_TICK_MAX)
    for (; this.#due >= 1; this.#due--) this.act()
  }

  /** Members asked to send or publish do so in their time, and customers react. */
  #doWhatIsDue(): void {
    if (this.#world.clock.paused) return
    for (const corp of this.#world.corps.values())
      if (this.state.on || corp.info.options.membersAct) doWhatIsDue(this.#world, corp)
  }

  /** One thing somebody does. A refusal (the group is full …) is part of life. */
  act(): void {
    const corp = [...this.#world.corps.values()].find((it) => it.contactWays.size > 0 && it.customerCount > 0)
    if (!corp) return
    this.acts++
    try {
      ACTS.get(this.#prng.weighted(WEIGHTS))!(this.#world, corp, this.#prng)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
}

type Act = (world: World, corp: Corp, prng: Prng) => void

function anyFollow(corp: Corp, prng: Prng): Follow {
  const busy: Staff[] = [...corp.staff.values()].filter((staff) => corp.followsOfStaff(staff.userid).length > 0)
  if (busy.length === 0) throw new Refusal('staff.none_busy', '没有成员有客户')
  return prng.pick(corp.followsOfStaff(prng.pick(busy).userid))
}

/** Whoever has waited longest for an answer of that member; nobody waits: the friend at hand. */
function whoWaits(corp: Corp, { userid, externalUserid }: Follow): { userid: string; externalUserid: string } {
  const waiting = corp
    .conversationsOfStaff(userid)
    .map((messages) => messages.at(-1)!)
    .filter((last) => last.from === 'customer' && corp.findFollow(last.userid, last.externalUserid))
    .sort((a, b) => a.at - b.at)
  return waiting[0] ?? { userid, externalUserid }
}

const SHY_SECONDS = 8

const ACTS = new Map<string, Act>([
  [
    'scan',
    (world, corp, prng) => {
      const gender = prng.weighted([
        [2, 6],
        [1, 4],
      ] as const)
      const way: ContactWay | undefined = prng.pick([...corp.contactWays.values()].filter((it) => !it.isTemp))
      if (!way) return
      scanContactWay(world, corp, { code: way.configId, newCustomer: { name: makeNickname(prng, gender), gender } })
    },
  ],
  [
    'hello',
    (world, corp, prng) => {
      // Nobody types within a breath of adding: the welcome has its chance first.
      const newest = corp.followsOfStaff(anyFollow(corp, prng).userid).at(-1)!
      if (world.clock.seconds() - newest.createtime < SHY_SECONDS) return
      customerSays(world, corp, newest.userid, newest.externalUserid, opening(prng, FIRST_TALKS))
    },
  ],
  [
    'ask',
    (world, corp, prng) => {
      const { userid, externalUserid } = anyFollow(corp, prng)
      customerSays(world, corp, userid, externalUserid, opening(prng, LATER_TALKS))
    },
  ],
  [
    'answer',
    (world, corp, prng) => {
      const { userid, externalUserid } = whoWaits(corp, anyFollow(corp, prng))
      staffSays(
        world,
        corp,
        userid,
        externalUserid,
        prng.pick(['收到，我看一下马上回您。', '好的，给您留着。', '在的，您说。']),
      )
    },
  ],
  [
    'tag',
    (world, corp, prng) => {
      const follow = anyFollow(corp, prng)
      const tags = [...corp.tags.keys()]
      if (tags.length > 0)
        editInClient(world, corp, follow.userid, follow.externalUserid, { addTags: [prng.pick(tags)] })
    },
  ],
  [
    'group',
    (world, corp, prng) => {
      const group: Group | undefined = prng.pick([...corp.groups.values()])
      if (!group) return
      const customers = group.members.filter((member) => member.type === 2)
      if (customers.length > 0 && prng.chance(0.3))
        leaveGroup(world, corp, { chatId: group.chatId, id: prng.pick(customers).id })
      else joinGroup(world, corp, { chatId: group.chatId, id: anyFollow(corp, prng).externalUserid })
    },
  ],
  [
    'leave',
    (world, corp, prng) => {
      const { userid, externalUserid } = anyFollow(corp, prng)
      customerDeletes(world, corp, userid, externalUserid)
    },
  ],
])

const WEIGHTS = [
  ['scan', 30],
  ['hello', 12],
  ['ask', 30],
  ['answer', 36],
  ['tag', 12],
  ['group', 7],
  ['leave', 3],
] as const

/** The customer's first line of a talk that needs nothing filled in. */
function opening(prng: Prng, talks: typeof FIRST_TALKS): string {
  const lines = talks.map((talk) => talk[0]!).filter(([who, text]) => who === 'c' && !text.includes('{'))
  return prng.pick(lines)[1]
}
