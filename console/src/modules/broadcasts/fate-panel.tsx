import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './broadcasts.module.css'
import type { Fate, Run } from './use-broadcasts.ts'

/** Everybody who was picked, by what became of him. */
export function FatePanel({ run }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const counts = (Object.entries(run.counts) as [Fate, number][]).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a)
  const most = Math.max(1, ...counts.map(([, n]) => n))
  return (
    <Panel title={t('broadcasts.fates')}>
      <ul className={styles.funnel} style={{ margin: 0 }}>
        {counts.map(([fate, n]) => (
          <li key={fate} className={fate === 'sent' ? styles.reach : undefined} style={{ border: 0, margin: 0 }}>
            <span>{t(`touches.fate.${fate}`)}</span>
            <b>{sayCount(n, languageOf(i18n))}</b>
            <i className={fate === 'sent' ? styles.stay : undefined} style={{ width: `${(n / most) * 100}%` }} />
          </li>
        ))}
        {(run.unsendable ?? 0) > 0 && (
          <li>
            <span>{t('broadcasts.unsendableFate')}</span>
            <b>{sayCount(run.unsendable ?? 0, languageOf(i18n))}</b>
          </li>
        )}
      </ul>
    </Panel>
  )
}
