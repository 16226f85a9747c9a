import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { useNow } from '../../ui/clock.ts'
import { shanghaiDayNumber } from '../../ui/time-words.ts'
import styles from './roster.module.css'
import { cutByDay, DAYS, headPieces, hoursShown, sayHour, weekdayOf } from './roster-days.ts'
import type { NextScan, RosterPlan } from './use-channels.ts'

type Person = NextScan['people'][number]

/** The coming week: a row a person, a column a day, each as wide as the hours somebody works; below, how many there are. */
export function RosterGrid({ plan, people }: { plan: RosterPlan; people?: Person[] }) {
  const { t } = useTranslation()
  const today = shanghaiDayNumber(useNow()) - shanghaiDayNumber(new Date(plan.from))
  const { open, close } = hoursShown(plan)
  const width = close - open
  const place = ({ from, to }: { from: number; to: number }) => ({
    left: `${((Math.max(from, open) - open) / width) * 100}%`,
    width: `${((Math.min(to, close) - Math.max(from, open)) / width) * 100}%`,
  })
  const days = Array.from({ length: DAYS }, (_, day) => day)
  const heads = headPieces(plan)
  const most = Math.max(1, ...heads.map((piece) => piece.count))
  const lines = plan.lines.filter((line) => line.stretches.length > 0 || line.backup)
  return (
    <div className={styles.scroll}>
      <table className={`${styles.grid} ${people ? styles.counted : ''}`} aria-label={t('channels.roster.week')}>
        <thead>
          <tr>
            <th scope="col" aria-label={t('channels.staffName')} />
            {days.map((day) => (
              <th key={day} scope="col" className={day === today ? styles.today : undefined}>
                {t(`channels.roster.weekday.${weekdayOf(plan.from, day)}`)}
                {day === today && ` ${t('channels.roster.today')}`}
              </th>
            ))}
            {people && <th scope="col">{t('channels.roster.addsToday')}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ staffId, name, backup, stretches }) => {
            const pieces = stretches.flatMap((stretch) => cutByDay(stretch, plan.from))
            const person = people?.find((it) => it.staffId === staffId)
            const full = person?.verdict === 'cap_reached'
            return (
              <tr key={staffId}>
                <th scope="row">
                  <span className={styles.person}>
                    <Avatar name={name} src={person?.avatar} size={20} square />
                    <span>{name}</span>
                    {backup && <small>{t('channels.roster.backup')}</small>}
                  </span>
                </th>
                {days.map((day) => (
                  <td key={day} className={day === today ? styles.today : undefined}>
                    {pieces
                      .filter((piece) => piece.day === day)
                      .map((piece) => (
                        <i
                          key={piece.from}
                          className={`${styles.block} ${full && day === today ? styles.full : ''}`}
                          style={place(piece)}
                          title={`${sayHour(piece.from)}–${sayHour(piece.to)}`}
                        >
                          {(piece.to - piece.from) / width > 0.3 && `${sayHour(piece.from)}–${sayHour(piece.to)}`}
                        </i>
                      ))}
                  </td>
                ))}
                {people && (
                  <td className={styles.count}>
                    <Load person={person} />
                  </td>
                )}
              </tr>
            )
          })}
          <tr className={styles.heads}>
            <th scope="row">{t('channels.roster.heads')}</th>
            {days.map((day) => (
              <td key={day} className={day === today ? styles.today : undefined}>
                {heads
                  .filter((piece) => piece.day === day)
                  .map((piece) => (
                    <i
                      key={piece.from}
                      className={piece.count === 0 ? styles.gap : undefined}
                      style={{
                        ...place(piece),
                        ...(piece.count > 0 ? { opacity: 0.3 + (0.7 * piece.count) / most } : {}),
                      }}
                      title={t('channels.roster.headsAt', {
                        from: sayHour(piece.from),
                        to: sayHour(piece.to),
                        count: piece.count,
                      })}
                    />
                  ))}
              </td>
            ))}
            {people && <td />}
          </tr>
        </tbody>
      </table>
    </div>
  )
}

function Load({ person }: { person: Person | undefined }) {
  if (!person) return null
  const { addsToday, dailyCap } = person
  if (dailyCap === null) return <span>{addsToday}</span>
  const full = addsToday >= dailyCap
  return (
    <>
      <span className={styles.load} aria-hidden>
        <i
          className={full ? styles.over : undefined}
          style={{ width: `${Math.min(1, addsToday / dailyCap) * 100}%` }}
        />
      </span>
      <span className={full ? 'warn' : undefined}>
        {addsToday}
        <span className="quiet">/{dailyCap}</span>
      </span>
    </>
  )
}
