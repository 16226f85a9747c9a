import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { languageOf, sayClock, sayDay } from '../../ui/time-words.ts'
import styles from './roster.module.css'
import { weekdayAt } from './roster-days.ts'
import type { RosterPlan } from './use-channels.ts'

const SHOWN = 3

/** What is wrong with a roster, each with its day and hours. */
export function RosterFaults({ plan }: { plan: RosterPlan }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const nameOf = new Map(plan.lines.map(({ staffId, name }) => [staffId, name]))
  const when = (at: string | null) => {
    if (!at) return ''
    const date = new Date(at)
    const weekday = t(`channels.roster.weekday.${weekdayAt(date)}`)
    return `${sayDay(date, now, languageOf(i18n))}（${weekday}）${sayClock(date)}`
  }
  return (
    <ul className={styles.faults}>
      {plan.faults.slice(0, SHOWN).map((fault) => (
        <li key={`${fault.kind} ${fault.from} ${fault.staffIds}`} className="warn">
          <Icon name="alert" size={13} />
          {t(`channels.roster.fault.${fault.kind}`, {
            from: when(fault.from),
            to: fault.to ? sayClock(new Date(fault.to)) : '',
            names: fault.staffIds.map((id) => nameOf.get(id)).join('、'),
          })}
        </li>
      ))}
      {plan.faults.length > SHOWN && (
        <li className="quiet">{t('channels.roster.moreFaults', { n: plan.faults.length - SHOWN })}</li>
      )}
    </ul>
  )
}
