import { useTranslation } from 'react-i18next'
import type { JourneyRow } from './contract.ts'
import styles from './journeys.module.css'

const TONE = { draft: 'quiet', live: 'brand', paused: 'warn', ended: 'quiet' } as const

/** Whether it runs; and whether more was written since than runs. */
export function JourneyState({ journey }: { journey: Pick<JourneyRow, 'state' | 'hasDraft'> }) {
  const { t } = useTranslation()
  return (
    <span className={styles.state} data-tone={TONE[journey.state]}>
      <i aria-hidden />
      {t(`journeys.state.${journey.state}`)}
      {journey.state !== 'draft' && journey.hasDraft && <small className="quiet">{t('journeys.hasDraft')}</small>}
    </span>
  )
}
