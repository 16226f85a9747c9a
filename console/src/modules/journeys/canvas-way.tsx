import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import styles from './canvas.module.css'

interface WayData {
  word: string | undefined
  forked: boolean
  /** The column in which a fork's way comes down. */
  lane: number | undefined
  went: number | undefined
  thick: number | undefined
  share: number | undefined
  lit: boolean | undefined
  onInsert: (() => void) | undefined
}

const TURN = 12

/** Down, across at `turnY` and down again, with round corners. */
function across(x: number, toX: number, turnY: number, fromY: number, toY: number): string {
  const dx = toX - x
  if (Math.abs(dx) < 1) return `L${toX} ${toY}`
  const r = Math.max(0, Math.min(TURN, Math.abs(dx) / 2, turnY - fromY, toY - turnY))
  const s = Math.sign(dx) * r
  return `L${x} ${turnY - r}Q${x} ${turnY} ${x + s} ${turnY}L${toX - s} ${turnY}Q${toX} ${turnY} ${toX} ${turnY + r}L${toX} ${toY}`
}

/** A fork's ways turn at one height, come down in their own lanes, and turn again just above where they end. */
function bend(x: number, y: number, lane: number, toX: number, toY: number): string {
  const half = lane === x ? y : Math.min(y + 60, toY - 30)
  return `M${x} ${y}${lane === x ? '' : across(x, lane, y + 24, y, half)}${across(lane, toX, toY - 24, half, toY)}`
}

/** As wide as the crowd that took it: sweeps, since thick corners look broken. */
function sweep(x: number, y: number, lane: number, toX: number, toY: number): string {
  const curve = (from: number, to: number, fromY: number, untilY: number) =>
    Math.abs(to - from) < 1
      ? `L${to} ${untilY}`
      : `L${from} ${fromY}C${from} ${(fromY + untilY) / 2} ${to} ${(fromY + untilY) / 2} ${to} ${untilY}`
  const half = lane === x ? y : Math.min(y + 64, toY - 24)
  return `M${x} ${y}${curve(x, lane, y, half)}${curve(lane, toX, Math.max(half, toY - 72), toY)}`
}

/** The way from one step to the next: its word, who took it, and where a step can be put in. */
export function WayLine({ sourceX: x, sourceY: y, targetX: toX, targetY: toY, data, markerEnd }: EdgeProps) {
  const { t, i18n } = useTranslation()
  const { word, forked, lane = x, went, thick, share, lit, onInsert } = data as unknown as WayData
  const path = thick === undefined ? bend(x, y, lane, toX, toY) : sweep(x, y, lane, toX, toY)
  // On a fork the word stands where its own way has begun to fall; on the rest in the middle.
  const labelY = forked ? Math.min(toY - 30, y + (thick === undefined ? 50 : 72)) : (y + toY) / 2
  const labelX = forked ? lane : x
  // Where it comes in from the side, the place to put something in is above the bend.
  const plusY = forked ? labelY + 24 : Math.abs(toX - x) < 1 ? labelY : y + 22
  const count = went !== undefined && t('journeys.canvas.went', { n: sayCount(went, languageOf(i18n)) })
  return (
    <>
      <BaseEdge
        path={path}
        {...(markerEnd && lit === undefined ? { markerEnd } : {})}
        className={styles.way ?? ''}
        interactionWidth={0}
        style={{
          strokeWidth: lit ? 3 : (thick ?? 1.5),
          stroke: lit ? 'var(--s-brand)' : thick !== undefined && went ? 'var(--s-brand-line)' : 'var(--s-line-strong)',
          opacity: lit === false ? 0.4 : 1,
        }}
      />
      <EdgeLabelRenderer>
        {(word || (forked && count)) && (
          <span
            className={styles.word}
            data-on={lit || undefined}
            data-dim={lit === false || undefined}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {word}
            {forked && count && (
              <b title={share ? sayRate(went ?? 0, share) : undefined}>
                {count}
                {share ? ` · ${sayRate(went ?? 0, share)}` : ''}
              </b>
            )}
          </span>
        )}
        {onInsert && toY - plusY > 16 && (
          <button
            type="button"
            className={styles.plus}
            aria-label={t('journeys.canvas.insert')}
            title={t('journeys.canvas.insertKey')}
            tabIndex={-1}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${plusY}px)` }}
            onClick={onInsert}
          >
            <Icon name="plus" size={12} />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  )
}
