import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useNow } from '../../ui/clock.ts'
import { languageOf, shanghaiDay, shanghaiParts } from '../../ui/time-words.ts'
import styles from './duty.module.css'
import { alwaysOn, type Calendar, type DutyPerson, dayAt, lengthOf, type Slot, sayTimes, slotsOn } from './duty-days.ts'
import { Person } from './person.tsx'
import { sayHours } from './say.ts'

const DAY_MINUTES = 1_440
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21]

function useNames(calendar: Calendar) {
  const names = new Map(calendar.codes.map(({ channelCodeId, name }) => [channelCodeId, name]))
  return (channelCodeId: string) => names.get(channelCodeId) ?? ''
}

function Hours({ person }: { person: DutyPerson }) {
  const { i18n } = useTranslation()
  return person.minutes > 0 ? <b>{sayHours(person.minutes, languageOf(i18n))}</b> : <span className="quiet">—</span>
}

/** A week, a member a row: his shifts as chips, codes that always ring as one quiet word. */
export function WeekTable({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation()
  const now = useNow()
  const days = Array.from({ length: calendar.days }, (_, nr) => dayAt(calendar.from, nr))
  return (
    <div className={styles.scroll}>
      <table className={styles.week} aria-label={t('reports.duty.title')}>
        <thead>
          <tr>
            <th scope="col">{t('reports.column.name')}</th>
            {days.map((day) => {
              const { weekday, month, day: date } = shanghaiParts(day)
              const today = shanghaiDay(day) === shanghaiDay(now)
              return (
                <th key={weekday} scope="col" data-today={today || undefined}>
                  {t(`channels.roster.weekday.${(weekday || 7) as 1}`)} <small>{`${month}/${date}`}</small>
                </th>
              )
            })}
            <th scope="col">{t('reports.duty.hours')}</th>
          </tr>
        </thead>
        <tbody>
          {calendar.people.map((person) => (
            <tr key={person.staffId} data-off={person.off || undefined}>
              <th scope="row">
                <Person {...person} />
              </th>
              {alwaysOn(calendar, person) ? (
                <td colSpan={days.length}>
                  <Chips calendar={calendar} slots={slotsOn(calendar, person.stretches, 0)} named />
                </td>
              ) : (
                days.map((day, nr) => (
                  <td key={day.getTime()} data-today={shanghaiDay(day) === shanghaiDay(now) || undefined}>
                    <Chips calendar={calendar} slots={slotsOn(calendar, person.stretches, nr)} />
                  </td>
                ))
              )}
              <td>
                <Hours person={person} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Shifts first; standing in for a gap is dashed; codes without a roster are one word, with their names on hover. */
function Chips({ calendar, slots, named = false }: { calendar: Calendar; slots: Slot[]; named?: boolean }) {
  const { t, i18n } = useTranslation()
  const nameOf = useNames(calendar)
  const shifts = slots.filter(({ rostered, backup }) => rostered && !backup)
  const backup = slots.filter((slot) => slot.rostered && slot.backup)
  const always = [...new Set(slots.filter(({ rostered }) => !rostered).map(({ channelCodeId }) => channelCodeId))]
  if (slots.length === 0) return <span className="quiet">—</span>
  return (
    <span className={styles.chips}>
      {shifts.map((slot) => (
        <Link
          key={`${slot.channelCodeId} ${slot.start}`}
          to={`/channels/${slot.channelCodeId}`}
          className={styles.chip}
          title={nameOf(slot.channelCodeId)}
        >
          <b>{sayTimes(slot)}</b> {nameOf(slot.channelCodeId)}
        </Link>
      ))}
      {backup.length > 0 && (
        <span
          className={styles.backup}
          title={backup.map((slot) => `${sayTimes(slot)} ${nameOf(slot.channelCodeId)}`).join('\n')}
        >
          {t('reports.duty.standsIn')}{' '}
          {named ? backup.map(sayTimes).join('、') : sayHours(lengthOf(backup), languageOf(i18n))}
        </span>
      )}
      {always.length > 0 && (
        <span className={styles.always} title={always.map(nameOf).join('、')}>
          {named ? <AllDay calendar={calendar} codes={always} /> : t('reports.duty.always', { n: always.length })}
        </span>
      )}
    </span>
  )
}

function AllDay({ calendar, codes }: { calendar: Calendar; codes: string[] }) {
  const { t } = useTranslation()
  const nameOf = useNames(calendar)
  return (
    <>
      {t('reports.duty.allDay')}
      {codes.map((channelCodeId) => (
        <Link key={channelCodeId} to={`/channels/${channelCodeId}`}>
          {nameOf(channelCodeId)}
        </Link>
      ))}
    </>
  )
}

/** A day as a track of 24 hours for each member, with now marked. */
export function DayTracks({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation()
  const now = useNow()
  const nameOf = useNames(calendar)
  const minute = (now.getTime() - dayAt(calendar.from, 0).getTime()) / 60_000
  const place = (start: number, end: number) => ({
    left: `${(start / DAY_MINUTES) * 100}%`,
    width: `${((end - start) / DAY_MINUTES) * 100}%`,
  })
  return (
    <div className={styles.scroll}>
      <div className={styles.tracks}>
        <div className={styles.track} aria-hidden>
          <span />
          <span className={styles.scale}>
            {HOURS.map((hour) => (
              <i key={hour} style={{ left: `${(hour / 24) * 100}%` }}>{`${hour}:00`}</i>
            ))}
          </span>
          <span>{t('reports.duty.hours')}</span>
        </div>
        {calendar.people.map((person) => {
          const slots = slotsOn(calendar, person.stretches, 0)
          const whole = slots.filter(({ rostered, start, end }) => !rostered && start === 0 && end === DAY_MINUTES)
          const partly = slots.filter((slot) => !whole.includes(slot))
          const lanes = [...new Set(partly.map(({ channelCodeId }) => channelCodeId))]
          const rows = lanes.length + Number(whole.length > 0)
          return (
            <div key={person.staffId} className={styles.track} data-off={person.off || undefined}>
              <Person {...person} />
              <span className={styles.bars} style={{ height: Math.max(1, rows) * 22 + 8 }}>
                {partly.map((slot) => (
                  <Link
                    key={`${slot.channelCodeId} ${slot.start}`}
                    to={`/channels/${slot.channelCodeId}`}
                    className={slot.backup ? styles.barBackup : slot.rostered ? styles.bar : styles.barAlways}
                    style={{ ...place(slot.start, slot.end), top: lanes.indexOf(slot.channelCodeId) * 22 + 5 }}
                    title={`${sayTimes(slot)} ${nameOf(slot.channelCodeId)}`}
                  >
                    {nameOf(slot.channelCodeId)}
                  </Link>
                ))}
                {whole.length > 0 && (
                  <span className={styles.barAlways} style={{ left: 0, right: 0, top: lanes.length * 22 + 5 }}>
                    <AllDay calendar={calendar} codes={whole.map(({ channelCodeId }) => channelCodeId)} />
                  </span>
                )}
                {minute >= 0 && minute < DAY_MINUTES && (
                  <i className={styles.now} style={{ left: `${(minute / DAY_MINUTES) * 100}%` }} />
                )}
              </span>
              <Hours person={person} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** A day on a phone: a member after the other, his times in words. */
export function DayList({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation()
  return (
    <ul className={styles.list} aria-label={t('reports.duty.title')}>
      {calendar.people.map((person) => (
        <li key={person.staffId} data-off={person.off || undefined}>
          <span className={styles.listHead}>
            <Person {...person} />
            <Hours person={person} />
          </span>
          <Chips calendar={calendar} slots={slotsOn(calendar, person.stretches, 0)} named />
        </li>
      ))}
    </ul>
  )
}
