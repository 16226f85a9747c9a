import type { WireEntry } from '../../../src/wire.ts'
import { secondOf } from '../time-words.ts'
import { WireDetail } from './wire-detail.tsx'
import { ARROWS, DIRECTION_WORDS, wordsOf } from './wire-words.ts'

interface WireRowProps {
  entry: WireEntry
  /** The same event as an older row, sent again on purpose. */
  isRepeat?: boolean
  isOpen: boolean
  onToggle(): void
}

export function WireRow({ entry, isRepeat, isOpen, onToggle }: WireRowProps) {
  const words = wordsOf(entry)
  return (
    <li className={isOpen ? 'wire-row open' : 'wire-row'}>
      <button type="button" className="wire-line" aria-expanded={isOpen} onClick={onToggle}>
        <time>{secondOf(entry.at)}</time>
        <i className={entry.direction} role="img" aria-label={DIRECTION_WORDS[entry.direction]}>
          {ARROWS[entry.direction]}
        </i>
        <span className="wire-words">
          <span className="wire-sentence">
            {entry.fault && <span className="fault-label">{entry.fault.label}</span>}
            {isRepeat && entry.ok ? `同一条又来一次，已收下：${entry.sentence}` : entry.sentence}
          </span>
          <code>{entry.api}</code>
          {words.note && <small>{words.note}</small>}
        </span>
        <span className="wire-result">
          <b className={words.tone}>{words.result}</b>
          <small>{entry.ms > 0 && `${Math.round(entry.ms)} ms`}</small>
        </span>
      </button>
      {isOpen && <WireDetail entry={entry} />}
    </li>
  )
}
