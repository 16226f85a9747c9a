import { useCallback, useReducer } from 'react'
import type { CustomerView, Met } from './control-api.ts'
import { useStored } from './ui/use-stored.ts'

export type CustomerScreen = 'camera' | 'chat' | 'chats' | 'moments' | 'group'
export type StaffScreen = 'inbox' | 'chat' | 'mass' | 'moments'

/** What the two phones show. Absent: whatever fits the pair, a chat when they have one. */
export interface Screens {
  customer?: CustomerScreen
  staff?: StaffScreen
  /** What lies over the staff member's chat: our sidebar, WeCom's own card of the customer, or nothing. */
  panel: 'sidebar' | 'card' | 'none'
  /** Which group the customer looks at. */
  chatId?: string
  /** What the customer's browser shows, over everything. */
  page?: string
  /** The code in the camera, and whether it has been read. */
  configId?: string
  found: boolean
}

type Move = Partial<Screens>
const AT_REST: Screens = { panel: 'sidebar', found: false }
/** A link of the console brings a code to try: it is in the camera at once. */
export const ASKED_STATE = new URLSearchParams(location.search).get('state')
const AT_FIRST: Screens = ASKED_STATE ? { ...AT_REST, customer: 'camera' } : AT_REST

export interface Stage {
  customerId?: string
  userid?: string
  screens: Screens
  play(customer: CustomerView): void
  playPair(externalUserid: string, userid: string): void
  hold(userid: string, isFriend: boolean): void
  aim(configId: string): void
  show(move: Move): void
  met(met: Met): void
  rest(): void
}

/** Who is on stage. Remembered for each company, so that a reload goes on where one was. */
export function useStage(corpid: string): Stage {
  const [pair, setPair] = useStored<{ customerId?: string; userid?: string }>(`pair:${corpid}`, {})
  const [screens, move] = useReducer((was: Screens, change: Move) => ({ ...was, ...change }), AT_FIRST)
  const show = useCallback((change: Move) => move(change), [])
  const rest = () => show({ ...AT_REST, customer: undefined, staff: undefined, page: undefined })
  return {
    ...pair,
    screens,
    show,
    rest,
    play(customer) {
      const known = customer.follows.some((follow) => follow.userid === pair.userid)
      const userid = known ? pair.userid : (customer.follows.at(-1)?.userid ?? pair.userid)
      setPair({ customerId: customer.externalUserid, userid })
      rest()
    },
    playPair(customerId, userid) {
      setPair({ customerId, userid })
      show({ customer: 'chat', staff: 'chat', found: false, page: undefined })
    },
    hold(userid, isFriend) {
      setPair({ ...pair, userid })
      show({ staff: isFriend ? 'chat' : 'inbox', ...(isFriend && { customer: 'chat' as const }) })
    },
    aim(configId) {
      show({ customer: 'camera', configId, found: false })
    },
    met({ userid, outcome }) {
      setPair({ ...pair, userid })
      show({ customer: 'chat', staff: outcome === 'pending' ? 'inbox' : 'chat', panel: 'sidebar', found: false })
    },
  }
}
