import { useState } from 'react'
import type { About, Mine } from '../api/sidebar.ts'
import { NextIcon } from '../ui/icons.tsx'
import { shortTime } from '../words/numbers.ts'
import { boot } from './boot.ts'
import { sayLine } from './say-line.ts'
import { TimelineSheet } from './timeline-sheet.tsx'
import { say } from './words.ts'

/** As many lines as the picture has: the rest is one tap away. */
const SHOWN = 4

export function HappenedCard({ view, about, nowMs }: { view: Mine; about: About; nowMs: number }) {
  const [isOpen, setOpen] = useState(false)
  const { items, count, isFloor } = view.timeline
  const me = { staffId: boot.me.staffId, code: view.pair?.code }
  return (
    <section className="card happened" aria-label={say('happened')}>
      <header>
        <h2>{say('happened')}</h2>
        {count > 0 && (
          <button type="button" className="quiet" data-part="timeline" onClick={() => setOpen(true)}>
            {say(isFloor ? 'allFloor' : 'all', { n: count })}
            <NextIcon />
          </button>
        )}
      </header>
      <ol className="lines">
        {items.slice(0, SHOWN).map((line, index) => (
          <li key={line.eventId} className={index === 0 ? 'newest' : undefined}>
            <time dateTime={line.at}>{shortTime(line.at, nowMs)}</time>
            <span>{sayLine(line, me)}</span>
          </li>
        ))}
        {count === 0 && <li className="low">{say('nothingYet')}</li>}
      </ol>
      {isOpen && <TimelineSheet about={about} me={me} nowMs={nowMs} onClose={() => setOpen(false)} />}
    </section>
  )
}
