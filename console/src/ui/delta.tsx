import { compareNumbers } from './number-words.ts'

/** ▲ 12.4%: the arrow says where, the colour whether that is good. */
export function Delta({ now, before, good = 'up' }: { now: number; before: number; good?: 'up' | 'down' }) {
  const { direction, words } = compareNumbers(now, before)
  if (direction === 'flat') return <span className="quiet small">— {words}</span>
  return (
    <span className={`small ${direction === good ? 'good' : 'bad'}`} style={{ whiteSpace: 'nowrap' }}>
      <span style={{ fontSize: 9 }}>{direction === 'up' ? '▲' : '▼'}</span> {words}
    </span>
  )
}
