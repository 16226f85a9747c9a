import { isOffline } from '../api/ask.ts'
import type { Pages } from './use-pages.ts'
import { say } from './words.ts'

/** The way to the next page, or what kept it away. */
export function MoreButton<T>({ pages }: { pages: Pages<T> }) {
  if (pages.error)
    return (
      <p className="low">
        {isOffline(pages.error) ? say('offline') : pages.error.message}
        <button type="button" className="button" onClick={pages.more}>
          {say('retry')}
        </button>
      </p>
    )
  if (pages.isBusy) return <i className="blank line" />
  return pages.hasMore ? (
    <button type="button" className="button wide" onClick={pages.more}>
      {say('loadMore')}
    </button>
  ) : null
}
