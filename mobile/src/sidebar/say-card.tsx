import { useEffect, useState } from 'react'
import type { About, Mine, Saying, Sayings } from '../api/sidebar.ts'
import { SendButton } from './send-button.tsx'
import type { Sending } from './use-sending.ts'
import { say } from './words.ts'

/** Two at a time: more are not read between two messages. */
const SHOWN = 2
/** Longer ones are opened first, so that nothing is sent unseen. */
const WORDS_MAX = 120

/** What fits now, with why; asked for once the customer is known, in a place kept for it. */
export function SayCard({ view, about, sending }: { view: Mine; about: About; sending: Sending }) {
  const [found, setFound] = useState<Sayings>()
  const [from, setFrom] = useState(0)
  const newest = view.timeline.items[0]?.eventId
  // biome-ignore lint/correctness/useExhaustiveDependencies: what fits changes with what happened last
  useEffect(() => {
    void about.sayings().then(setFound, () => setFound({ said: null, items: [] }))
  }, [about, newest])
  const items = found?.items ?? []
  return (
    <section className="card say" aria-label={say('say')}>
      <header>
        <h2>{say('say')}</h2>
        {items.length > SHOWN && (
          <button type="button" className="quiet" onClick={() => setFrom((from + SHOWN) % items.length)}>
            {say('others')}
          </button>
        )}
      </header>
      {!found && <i className="blank box" />}
      {found && items.length === 0 && <p className="low">{say('nothingToSay')}</p>}
      <ul className="rows">
        {items.slice(from, from + SHOWN).map((item, index) => (
          <li key={item.scriptId}>
            <span className={item.text.length > WORDS_MAX ? 'said cut' : 'said'}>
              {item.text}
              <small>{sayWhy(item, view.gender)}</small>
            </span>
            <SendButton
              piece={{ piece: 'script', id: item.scriptId }}
              seen={item.text.length > WORDS_MAX ? '' : item.text}
              sending={sending}
              isBest={index === 0}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function sayWhy({ reasons, own }: Saying, gender: number): string {
  const [reason] = reasons
  const who = say(gender === 2 ? 'she' : gender === 1 ? 'he' : 'they')
  const why = !reason
    ? ''
    : reason.code === 'said'
      ? say('becauseSaid', { who })
      : reason.code === 'stage'
        ? say('becauseStage', { stage: reason.stage ?? '' })
        : say(reason.code === 'recent' ? 'becauseRecent' : reason.code === 'often' ? 'becauseOften' : 'becauseQuick')
  return [why, say(own ? 'ownScript' : 'corpScript')].filter(Boolean).join(' · ')
}
