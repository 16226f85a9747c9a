import { useTranslation } from 'react-i18next'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { sayCount } from '../../ui/number-words.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { AheadNumbers } from './ahead-numbers.tsx'
import styles from './segments.module.css'

type Days = NonNullable<Answer<'/api/segments/{segmentId}'>['past']>

const AHEAD_DAYS = [7, 30]
/** `coming` begins today. */
const sumUp = (coming: Days, days: number) => {
  const until = coming.slice(0, days + 1)
  return {
    days,
    members: until.at(-1)?.members ?? 0,
    entered: until.reduce((n, one) => n + one.entered, 0),
    exited: until.reduce((n, one) => n + one.exited, 0),
  }
}

/** Thirty days back, and the next thirty if nothing else happens: time alone brings people in and out. */
export function DaysPanel({ past, coming }: { past: Days; coming: Days }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  const days = [...past, ...coming.slice(1)]
  const labels = days.map(({ day }) => sayDay(new Date(`${day}T12:00:00+08:00`), now, language))
  const blank = (n: number): null[] => Array.from({ length: n }, () => null)
  const [enters, leaves] = [coming.reduce((n, one) => n + one.entered, 0), coming.reduce((n, one) => n + one.exited, 0)]
  const says = t('segments.comingSays', {
    enters: sayCount(enters, language),
    leaves: sayCount(leaves, language),
    last: sayCount(coming.at(-1)?.members ?? 0, language),
  })
  return (
    <div className={styles.days}>
      <ChartPanel
        title={t('segments.days')}
        says={says}
        labels={labels}
        height={150}
        series={[
          {
            name: t('segments.past'),
            slot: 0,
            values: [...past.map((one) => one.members), ...blank(coming.length - 1)],
            area: true,
          },
          {
            name: t('segments.coming'),
            slot: 'compare',
            values: [...blank(past.length - 1), ...coming.map((one) => one.members)],
          },
        ]}
      />
      <AheadNumbers ahead={AHEAD_DAYS.map((n) => sumUp(coming, n))} />
      <p className="soft">{says}</p>
    </div>
  )
}
