import { Handle, type NodeProps, Position } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import styles from './canvas.module.css'
import type { Face, Tally } from './faces.ts'

export interface StepData {
  stepKey: string
  face: Face
  tally: Tally | undefined
  isAt: boolean
  isFirst: boolean
  /** In a dry run: when he came by, null where he did not; undefined without one. */
  lit: string | null | undefined
  stands: boolean
  onPress: () => void
  onRemove: (() => void) | undefined
}

/** One step: what it does, what is wrong with it, who stands there. */
export function StepCard({ data }: NodeProps) {
  const { t } = useTranslation()
  const { stepKey, face, tally, isAt, isFirst, lit, stands, onPress, onRemove } = data as unknown as StepData
  const bad = face.problems.length > 0
  // What can be seen comes first: whoever speaks to the page says what stands there.
  const said = [face.title, ...(bad ? [face.problems[0]] : [face.line]), ...face.problems.slice(1), lit]
    .filter(Boolean)
    .join(' ')
  return (
    <div
      className={styles.step}
      data-family={face.family}
      data-at={isAt || undefined}
      data-bad={bad || undefined}
      data-dim={lit === null || undefined}
      data-on={(lit !== null && lit !== undefined) || undefined}
    >
      <Handle type="target" position={Position.Top} className={styles.handle ?? ''} isConnectable={false} />
      <button
        type="button"
        className={styles.face}
        data-step={stepKey}
        tabIndex={isAt || isFirst ? 0 : -1}
        aria-label={said}
        aria-pressed={isAt}
        onClick={onPress}
      >
        <i className={styles.glyph} aria-hidden>
          <Icon name={face.icon} size={17} />
        </i>
        <span className={styles.words}>
          <b>{face.title}</b>
          <small title={face.line}>{bad ? face.problems[0] : face.line}</small>
        </span>
        {bad && (
          <i className={styles.mark} aria-hidden title={face.problems.join('\n')}>
            <Icon name="alert" size={15} />
          </i>
        )}
      </button>
      {tally && <TallyRow tally={tally} face={face} />}
      {lit && (
        <span className={styles.time} data-stands={stands || undefined}>
          {lit}
        </span>
      )}
      {isAt && onRemove && (
        <button
          type="button"
          className={styles.remove}
          tabIndex={-1}
          aria-label={t('journeys.canvas.remove', { what: face.title })}
          title={t('journeys.canvas.removeKey')}
          onClick={onRemove}
        >
          <Icon name="trash" size={14} />
        </button>
      )}
      <Handle type="source" position={Position.Bottom} className={styles.handle ?? ''} isConnectable={false} />
    </div>
  )
}

function TallyRow({ tally: { here, came, done, late, skipped }, face }: { tally: Tally; face: Face }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const said = t('journeys.tally.said', { done: count(done), late: count(late), skipped: count(skipped) })
  if (here === 0 && came === 0) return <div className={styles.tally}>{t('journeys.tally.nobodyYet')}</div>
  return (
    <div className={styles.tally}>
      {here > 0 ? (
        <span data-some>
          <b>{count(here)}</b> {t('journeys.tally.here')}
        </span>
      ) : (
        <span>
          <b>{count(came)}</b> {t(face.family === 'start' ? 'journeys.tally.entered' : 'journeys.tally.came')}
        </span>
      )}
      {/* Only what somebody has to do can be late or left out. */}
      {(face.family === 'reach' || late + skipped > 0) && (
        <span className={styles.parts} role="img" aria-label={said} title={said}>
          <i data-of="done" style={{ flexGrow: done }} />
          <i data-of="late" style={{ flexGrow: late }} />
          <i data-of="skipped" style={{ flexGrow: skipped }} />
        </span>
      )}
      {here > 0 && late + skipped === 0 && face.family !== 'reach' && (
        <span className={styles.came}>
          {count(came)} {t('journeys.tally.came')}
        </span>
      )}
    </div>
  )
}

export function EndPill({ data }: NodeProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.end} data-dim={data.lit === false || undefined} data-on={data.lit === true || undefined}>
      <Handle type="target" position={Position.Top} className={styles.handle ?? ''} isConnectable={false} />
      {t('journeys.canvas.end')}
    </div>
  )
}
