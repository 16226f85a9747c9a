import { randomBytes } from 'node:crypto'

export interface Order {
  orderNo: string
  lines: { productNo: string; number: number }[]
  amountFen: number
  /** What Siyu answered to the shop's server. */
  told: string
}

/** A browser in the shop. Kept in memory: the shop forgets with the simulator. */
export interface Visit {
  corpid: string
  /** Whose phone it is; he may be signed in or only looking. */
  externalUserid?: string
  isSignedIn: boolean
  token?: { token: string; expiresAtMs: number }
  cart: Map<string, number>
  favourites: Set<string>
  orders: Map<string, Order>
}

const VISITS_MAX = 1_000
const COOKIE = 'shop_visit'

export class Visits {
  readonly #visits = new Map<string, Visit>()

  /** Begins a visit, and the cookie by which it is known again. */
  open(corpid: string, externalUserid: string | undefined): string {
    const id = randomBytes(16).toString('base64url')
    const isSignedIn = externalUserid !== undefined
    this.#visits.set(id, {
      corpid,
      externalUserid,
      isSignedIn,
      cart: new Map(),
      favourites: new Set(),
      orders: new Map(),
    })
    const [oldest] = this.#visits.keys()
    if (this.#visits.size > VISITS_MAX) this.#visits.delete(oldest!)
    return `${COOKIE}=${id}; Path=/shop; HttpOnly; SameSite=Lax`
  }

  find(cookies: string | undefined): Visit | undefined {
    const [, id] = new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookies ?? '') ?? []
    return this.#visits.get(id ?? '')
  }
}
