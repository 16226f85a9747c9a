import { useTranslation } from 'react-i18next'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import styles from './segments.module.css'

/** How many will be in after so many days by time alone, and who comes and goes until then. */
export function AheadNumbers({
  ahead,
}: {
  ahead: readonly { days: number; members: number; entered: number; exited: number }[]
}) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  return (
    <dl className={styles.ahead}>
      {ahead.map(({ days, members, entered, exited }) => (
        <div key={days}>
          <dt>{t('segments.inDays', { n: days })}</dt>
          <dd>
            <b>{count(members)}</b>
            <small>
              +{count(entered)} −{count(exited)}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  )
}
