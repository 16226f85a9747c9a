import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './broadcasts.module.css'
import { type RunCard, stepsOf } from './use-broadcasts.ts'

const TONE: Record<RunCard['state'], string> = {
  planning: 'info',
  waiting: 'warn',
  ready: 'info',
  sending: 'brand',
  asked: 'brand',
  done: 'good',
  stopped: 'quiet',
  refused: 'bad',
  failed: 'bad',
  lapsed: 'quiet',
}

/** Where a run is; without one it is a draft. */
export function RunState({ run }: { run: Pick<RunCard, 'state'> | null }) {
  const { t } = useTranslation()
  return (
    <span className={styles.state} data-tone={run ? TONE[run.state] : 'quiet'}>
      <i aria-hidden />
      {run ? t(`broadcasts.state.${run.state}`) : t('broadcasts.state.draft')}
    </span>
  )
}

/** How far it is: got it, asked, failed, one bar of everybody planned. */
export function RunBar({ run, wide = false }: { run: RunCard; wide?: boolean }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const { planned, sent, open, unknown, waiting } = stepsOf(run)
  if (run.people === null) return <span className="quiet small">{run.cause ?? t('broadcasts.planningNow')}</span>
  const rest = Math.max(0, planned - sent - open - unknown - waiting)
  const said = t('broadcasts.barSays', { sent: count(sent), planned: count(planned), open: count(open) })
  return (
    <span className={`${styles.bar} ${wide ? styles.wide : ''}`}>
      <span className={styles.track} role="img" aria-label={said}>
        {(
          [
            ['sent', sent],
            ['open', open],
            ['unknown', unknown],
            ['rest', rest],
          ] as const
        ).map(
          ([of, people]) =>
            people > 0 && <i key={of} data-of={of} style={{ width: `${(people / Math.max(planned, 1)) * 100}%` }} />,
        )}
      </span>
      <small className="quiet">
        {run.state === 'ready' || run.state === 'waiting' ? (
          <>
            {t('broadcasts.willReach', { n: count(planned) })} · <Moment at={run.at} />
          </>
        ) : (
          said
        )}
      </small>
    </span>
  )
}
