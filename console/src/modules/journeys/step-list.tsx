import { type KeyboardEvent, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import type { CanvasProps } from './canvas-props.ts'
import { type Line, tell } from './lines.ts'
import styles from './list.module.css'

/** The same journey as a numbered list that reads from top to bottom; what a phone shows. */
export function StepList(props: CanvasProps) {
  const { t } = useTranslation()
  const { start, waysOf, faceOf, at, onAt, onOpen, onInsert, onRemove } = props
  const lines = useMemo(() => tell(start, waysOf), [start, waysOf])
  const numbers = new Map(lines.flatMap((line) => (line.is === 'step' ? [[line.key, line.number] as const] : [])))
  const box = useRef<HTMLOListElement>(null)
  const keys = [start, ...lines.flatMap((line) => (line.is === 'step' ? [line.key] : []))]
  const press = (event: KeyboardEvent) => {
    const here = (event.target as HTMLElement).dataset.step
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return
    const go = (by: number) => {
      const next = keys[keys.indexOf(here) + by]
      if (!next) return
      onAt(next)
      box.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next)}"]`)?.focus()
    }
    const [way] = waysOf(here)
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(1),
      ArrowUp: () => go(-1),
      '+': () => way && onInsert?.({ key: here, port: way.port }),
      '=': () => way && onInsert?.({ key: here, port: way.port }),
      Delete: () => here !== start && onRemove?.(here),
      Backspace: () => here !== start && onRemove?.(here),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }
  const step = (key: string, number: string, depth: number) => (
    <Row
      key={key}
      {...props}
      stepKey={key}
      number={number}
      depth={depth}
      isAt={at === key}
      isFirst={at === null && key === start}
      onPress={() => {
        onAt(key)
        onOpen(key)
      }}
    />
  )
  const told = (line: Line, nr: number) => {
    if (line.is === 'step') return step(line.key, line.number, line.depth)
    const key = `${line.is} ${line.key} ${line.port} ${nr}`
    const indent = { '--depth': line.depth } as React.CSSProperties
    if (line.is === 'way') return <Way key={key} {...props} line={line} indent={indent} />
    return (
      <li key={key} className={styles.after} style={indent}>
        <Icon name={line.is === 'end' ? 'flag' : 'right'} size={13} />
        {line.is === 'end'
          ? t('journeys.list.end')
          : t('journeys.list.join', { n: numbers.get(line.to) ?? '', what: faceOf(line.to).title })}
        {onInsert && line.port !== '' && (
          <button type="button" className="textlink small" onClick={() => onInsert({ key: line.key, port: line.port })}>
            {t('journeys.list.insert')}
          </button>
        )}
      </li>
    )
  }
  return (
    <ol ref={box} className={styles.list} aria-label={t('journeys.list.label')} onKeyDown={press}>
      {step(start, '', 0)}
      {lines.map(told)}
    </ol>
  )
}

function Way({
  line,
  indent,
  wordOf,
  wentBy,
  lit,
}: CanvasProps & { line: Extract<Line, { is: 'way' }>; indent: React.CSSProperties }) {
  const { t, i18n } = useTranslation()
  const went = wentBy?.(line.key, line.port)
  return (
    <li className={styles.way} style={indent} data-on={lit?.ways.has(`${line.key} ${line.port}`) || undefined}>
      <Icon name="right" size={13} />
      {wordOf(line.key, line.port) ?? t('journeys.list.else')}
      {went !== undefined && (
        <small className="quiet">{t('journeys.canvas.went', { n: sayCount(went, languageOf(i18n)) })}</small>
      )}
    </li>
  )
}

interface RowProps extends CanvasProps {
  stepKey: string
  number: string
  depth: number
  isAt: boolean
  isFirst: boolean
  onPress: () => void
}

function Row({ stepKey, number, depth, isAt, isFirst, onPress, ...props }: RowProps) {
  const { t, i18n } = useTranslation()
  const { faceOf, tallyOf, lit, waysOf, onInsert, start } = props
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const face = faceOf(stepKey)
  const tally = tallyOf?.(stepKey)
  const time = lit?.steps.get(stepKey)
  const [way, second] = waysOf(stepKey)
  const bad = face.problems.length > 0
  return (
    <li
      className={styles.row}
      style={{ '--depth': depth } as React.CSSProperties}
      data-bad={bad || undefined}
      data-dim={(lit && !time) || undefined}
    >
      <button
        type="button"
        className={styles.press}
        data-step={stepKey}
        tabIndex={isAt || isFirst ? 0 : -1}
        aria-pressed={isAt}
        onClick={onPress}
      >
        <i className={styles.glyph} data-family={face.family} aria-hidden>
          <Icon name={face.icon} size={16} />
        </i>
        <span className={styles.number}>{stepKey === start ? t('journeys.list.start') : number}</span>
        <span className={styles.words}>
          <b>{face.title}</b>
          {face.line && <span className="soft"> {face.line}</span>}
          {bad && <small className={styles.problem}>{face.problems.join('；')}</small>}
        </span>
        {tally && (tally.here > 0 || tally.came > 0) && (
          <small className={styles.here} data-some={tally.here > 0 || undefined}>
            {tally.here > 0
              ? t('journeys.list.here', { n: count(tally.here) })
              : `${count(tally.came)} ${t(stepKey === start ? 'journeys.tally.entered' : 'journeys.tally.came')}`}
          </small>
        )}
        {time && <small className={styles.time}>{time}</small>}
      </button>
      {onInsert && way && !second && (
        <button
          type="button"
          className={styles.plus}
          aria-label={t('journeys.list.insertAfter', { what: face.title })}
          title={t('journeys.canvas.insertKey')}
          onClick={() => onInsert({ key: stepKey, port: way.port })}
        >
          <Icon name="plus" size={13} />
        </button>
      )}
    </li>
  )
}
