import type { Tracker } from './tracker.ts'

const CLICKED = '[data-siyu-click],[data-siyu-event]'
const SEEN = '[data-siyu-view]'
/** Seen is half of it for as long as one looks; scrolled past is not. */
const [SEEN_PART, SEEN_MS] = [0.5, 1_000]
/** A page that builds itself up is looked through once it has come to rest. */
const LOOK_MS = 100

/**
 * Tells what a page only marks: `data-siyu-click="name"`, `data-siyu-view="name"` once a page, and
 * `data-siyu-event="cart.added" data-siyu-props='{"productNo":"A1"}'` as it is clicked.
 */
export function watchMarks(tracker: Tracker, address: () => string): void {
  document.addEventListener(
    'click',
    ({ target }) => {
      const marked = target instanceof Element && target.closest<HTMLElement>(CLICKED)
      if (!marked) return
      const { siyuClick, siyuEvent, siyuProps } = marked.dataset
      if (siyuEvent) tracker.track(siyuEvent, propertiesOf(siyuProps))
      else tracker.track('element.clicked', { name: siyuClick, url: address() })
    },
    true,
  )
  if ('IntersectionObserver' in window) watchSeen(tracker, address)
}

function watchSeen(tracker: Tracker, address: () => string): void {
  const known = new WeakSet<Element>()
  const waiting = new Map<Element, ReturnType<typeof setTimeout>>()
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        clearTimeout(waiting.get(target))
        if (!isIntersecting) continue
        const seen = () => {
          observer.unobserve(target)
          tracker.track('element.viewed', { name: (target as HTMLElement).dataset.siyuView, url: address() })
        }
        waiting.set(target, setTimeout(seen, SEEN_MS))
      }
    },
    { threshold: SEEN_PART },
  )
  const look = () => {
    for (const element of document.querySelectorAll(SEEN)) {
      if (known.has(element)) continue
      known.add(element)
      observer.observe(element)
    }
  }
  let looking: ReturnType<typeof setTimeout> | undefined
  const lookSoon = () => {
    clearTimeout(looking)
    looking = setTimeout(look, LOOK_MS)
  }
  look()
  new MutationObserver(lookSoon).observe(document.documentElement, { childList: true, subtree: true })
}

function propertiesOf(written = '{}'): Record<string, unknown> {
  try {
    return JSON.parse(written)
  } catch {
    return {} // the server says what is missing
  }
}
