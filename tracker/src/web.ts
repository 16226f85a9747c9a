import { watchMarks } from './marks.ts'
import type { Platform } from './platform.ts'
import type { Properties } from './queue.ts'
import { createTracker, type Options, type Tracker } from './tracker.ts'

/** As pages call it: `page` knows where it is. */
export interface WebTracker extends Omit<Tracker, 'page'> {
  init(options: Omit<Options, 'endpoint'> & { endpoint?: string; autoPage?: boolean }): void
  page(properties?: Properties): void
}
type Call = (siyu: WebTracker) => void

declare global {
  interface Window {
    /** Before the file is there, a list of what to do with it. */
    siyu?: { push(call: Call): unknown }
  }
}

const script = document.currentScript as HTMLScriptElement | null
const home = script ? new URL(script.src).origin : location.origin

const platform: Platform = {
  read(name) {
    try {
      return localStorage.getItem(name) ?? undefined
    } catch {
      return undefined // a browser that keeps nothing for this page
    }
  },
  write(name, value) {
    try {
      if (value === undefined) localStorage.removeItem(name)
      else localStorage.setItem(name, value)
    } catch {
      // full, or not allowed: this page goes on from memory
    }
  },
  async send(url, body, isLast) {
    const hasKeepalive = 'keepalive' in Request.prototype
    if (isLast && !hasKeepalive && navigator.sendBeacon(url, body)) throw new Error('nobody hears the answer')
    // Text and no header of ours, so that the browser asks nobody first; never a cookie.
    const reply = await fetch(url, { method: 'POST', body, keepalive: true, credentials: 'omit' })
    return {
      status: reply.status,
      text: await reply.text(),
      retryAfterSeconds: Number(reply.headers.get('retry-after')),
    }
  },
  later(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  now: Date.now,
  makeId: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join(''),
}

/** Of the address only what campaigns are told apart by: a query may hold anything about a person. */
function address(): string {
  const campaign = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith('utm_'))
  const query = campaign.length > 0 ? `?${new URLSearchParams(campaign)}` : ''
  return location.origin + location.pathname + query
}

function referrer(): string | undefined {
  return document.referrer ? document.referrer.replace(/[?#].*/, '') : undefined
}

function start(options: Options, autoPage: boolean): void {
  const tracker = createTracker(platform, options)
  const page = (properties: Properties = {}) =>
    tracker.page({ url: address(), title: document.title, referrer: referrer(), ...properties })
  Object.assign(siyu, tracker, {
    page,
    optIn() {
      tracker.optIn()
      if (autoPage) page() // this one was not told yet
    },
  })
  watchMarks(tracker, address)
  addEventListener('online', () => tracker.flush())
  addEventListener('pagehide', () => tracker.flush(true))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') tracker.flush(true)
  })
  if (!autoPage) return
  page()
  const { pushState } = history
  history.pushState = function (...given) {
    pushState.apply(this, given)
    page()
  }
  addEventListener('popstate', () => page())
}

const calls = window.siyu
const siyu = {
  push: (call: Call) => call(siyu),
  init({ endpoint = home, autoPage = true, ...options }) {
    start({ endpoint, ...options }, autoPage)
  },
} as WebTracker & { push(call: Call): void }
window.siyu = siyu
const { key, consent, page } = script?.dataset ?? {}
if (key) siyu.init({ key, consent: consent === 'required' ? consent : 'given', autoPage: page !== 'off' })
if (Array.isArray(calls)) for (const call of calls as Call[]) call(siyu)
