import type { Answer } from '../../api/types.ts'
import type { EventItem } from './describe-event.ts'

type Page = Answer<'/api/timeline'>

/** Puts a live item at its place in the first page; a repeat changes nothing. */
export function insertLive(pages: Page[], item: EventItem): Page[] {
  const [first, ...rest] = pages
  if (!first || pages.some((page) => page.items.some(({ eventId }) => eventId === item.eventId))) return pages
  const place = first.items.findIndex(({ at }) => at <= item.at)
  const items = place < 0 ? [...first.items, item] : first.items.toSpliced(place, 0, item)
  return [{ ...first, items }, ...rest]
}
