import { useState } from 'react'
import { secondOf } from '../time-words.ts'
import type { Fold } from './fold-wire.ts'
import { WireRow } from './wire-row.tsx'

interface WireFoldRowProps {
  fold: Fold
  openId?: number
  onToggle(id: number): void
}

/** Unfolded rows drawn at once: a full sync folds hundreds. */
const DRAWN_MAX = 100

export function WireFoldRow({ fold, openId, onToggle }: WireFoldRowProps) {
  const [isOpen, setOpen] = useState(false)
  const count = fold.entries.length
  return (
    <>
      <li className="wire-row fold">
        <button type="button" className="wire-line" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <time>{secondOf(fold.entries[0]!.at)}</time>
          <i>⋯</i>
          <span className="wire-words">
            <span className="wire-sentence">
              {fold.injected > 0 && <span className="fault-label">注入 {fold.injected}</span>}
              {count} 条{fold.kind === 'played' ? '自动演出' : '连着的调用'}
              {fold.refused > 0 && `，${fold.refused} 条没办成`}
            </span>
            <code>{fold.apis}</code>
          </span>
          <span className="wire-result">
            <small>{isOpen ? '收起' : '展开'}</small>
          </span>
        </button>
      </li>
      {isOpen &&
        fold.entries
          .slice(0, DRAWN_MAX)
          .map((entry) => (
            <WireRow key={entry.id} entry={entry} isOpen={entry.id === openId} onToggle={() => onToggle(entry.id)} />
          ))}
    </>
  )
}
