import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, sayClock, shanghaiDay } from '../../ui/time-words.ts'
import { addDays, monthGrid, shiftMonth } from './month-grid.ts'
import { ReachBar } from './reach-bar.tsx'
import styles from './touches.module.css'
import { countOf, GROUPS, type Touch } from './use-touches.ts'

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A month of touches as a calendar: how many people each day reaches, and on the day that is open which touches. */
export function MonthView() {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const [params, setParams] = useSearchParams()
  const today = shanghaiDay(useNow())
  const asked = params.get('day')
  const day = asked && DAY.test(asked) ? asked : today
  const weeks = monthGrid(day)
  const [from, to] = [weeks[0]![0]!, weeks.at(-1)!.at(-1)!]
  const touches = api.useQuery(
    'get',
    '/api/touches',
    { params: { query: { from, to } } },
    { placeholderData: keepPreviousData },
  )
  const go = (next: string) => setParams({ day: next }, { replace: true })
  const month = new Date(`${day}T12:00:00Z`).toLocaleDateString(language === 'zh' ? 'zh-CN' : 'en-GB', {
    ...{ year: 'numeric', month: 'long', timeZone: 'UTC' },
  })
  return (
    <div className={styles.calendar}>
      <Panel
        edge
        title={month}
        extra={
          <>
            <Button size="small" onClick={() => go(today)} disabled={day === today}>
              {t('touches.today')}
            </Button>
            {([-1, 1] as const).map((by) => (
              <Button
                key={by}
                size="small"
                aria-label={t(by < 0 ? 'touches.monthBefore' : 'touches.monthAfter')}
                icon={<Icon name={by < 0 ? 'left' : 'right'} size={14} />}
                onClick={() => go(shiftMonth(day, by))}
              />
            ))}
          </>
        }
      >
        <Loaded query={touches} what={t('touches.views.calendar')} skeleton={<SkeletonBlock height={420} />}>
          {(all) => {
            const byDay = Map.groupBy(all, (touch) => touch.day)
            const most = Math.max(1, ...[...byDay.values()].map(peopleOf))
            return (
              <table className={styles.month} aria-label={month}>
                <thead>
                  <tr>
                    {WEEK.map((word) => (
                      <th key={word} scope="col">
                        {t(`stages.weekday.${word}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {weeks.map((week) => (
                    <tr key={week[0]}>
                      {week.map((one) => (
                        <DayCell
                          key={one}
                          day={one}
                          touches={byDay.get(one) ?? []}
                          most={most}
                          isOpen={one === day}
                          isToday={one === today}
                          isOther={one.slice(0, 7) !== day.slice(0, 7)}
                          onOpen={go}
                        />
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }}
        </Loaded>
      </Panel>
      <Panel title={day} sub={day === today ? t('touches.today') : undefined}>
        <DayTouches touches={touches.data?.filter((touch) => touch.day === day) ?? []} isPast={day < today} />
      </Panel>
    </div>
  )
}

const peopleOf = (touches: readonly Touch[]): number =>
  touches.reduce((sum, { counts }) => sum + countOf(counts, GROUPS.planned) + countOf(counts, GROUPS.sent), 0)

interface CellProps {
  day: string
  touches: readonly Touch[]
  most: number
  isOpen: boolean
  isToday: boolean
  isOther: boolean
  onOpen: (day: string) => void
}

function DayCell({ day, touches, most, isOpen, isToday, isOther, onOpen }: CellProps) {
  const { t, i18n } = useTranslation()
  const people = peopleOf(touches)
  const said = sayCount(people, languageOf(i18n))
  return (
    <td data-other={isOther || undefined}>
      <button
        type="button"
        className={styles.day}
        aria-pressed={isOpen}
        aria-current={isToday ? 'date' : undefined}
        onClick={() => onOpen(day)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key]
          if (by === undefined) return
          event.preventDefault()
          onOpen(addDays(day, by))
        }}
      >
        <span className="unseen">{t('touches.daySays', { day, n: touches.length, people: said })}</span>
        <span className={styles.date} aria-hidden="true">
          {Number(day.slice(8))}
        </span>
        {touches.length > 0 && (
          <span className={styles.held} aria-hidden="true">
            <b>{said}</b>
            <i className={styles.load} style={{ width: `${Math.max(4, (people / most) * 100)}%` }} />
            <small>{touches.length === 1 ? touches[0]!.title : t('touches.nTouches', { n: touches.length })}</small>
          </span>
        )}
      </button>
    </td>
  )
}

function DayTouches({ touches, isPast }: { touches: readonly Touch[]; isPast: boolean }) {
  const { t } = useTranslation()
  if (touches.length === 0)
    return (
      <EmptyState
        small
        icon="message"
        title={t(isPast ? 'touches.noneThen' : 'touches.noneYet')}
        why={t('touches.noneWhy')}
      />
    )
  return (
    <ul className={styles.dayList}>
      {touches.map((touch) => (
        <li key={touch.touchId}>
          <header>
            <time>{sayClock(new Date(touch.at))}</time>
            <b>{touch.title}</b>
            <small className="quiet">
              {t(`touches.channel.${touch.channel}`)} · {touch.topic}
              {touch.released && ` · ${t('touches.cancelled')}`}
            </small>
          </header>
          <ReachBar counts={touch.counts} />
        </li>
      ))}
    </ul>
  )
}
