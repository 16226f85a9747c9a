import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { sayYuan } from '../../ui/number-words.ts'
import { useShade } from '../../ui/theme/shade.ts'
import { CHART_COLORS } from '../../ui/theme/theme.ts'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './contacts.module.css'
import { findHabit, type Manual, sayManual } from './say-manual.ts'

/** Of each kind of liking: the strongest. The rest stands in the timeline. */
const LIKES_SHOWN = 3

/** How to serve him: what is known, each line with its evidence and its day; `noted` is what the staff wrote. */
export function ManualCard({ contactId, noted }: { contactId: string; noted: ReactNode }) {
  const { t } = useTranslation()
  const manual = api.useQuery('get', '/api/contacts/{contactId}/manual', { params: { path: { contactId } } })
  return (
    <div className={styles.block}>
      <section className={styles.manual}>
        <h3>{t('insight.manual.title')}</h3>
        {manual.data && (
          <>
            <p className={styles.summary}>{sayManual(manual.data, t)}</p>
            <Lines manual={manual.data} />
          </>
        )}
        {noted}
      </section>
    </div>
  )
}

function Lines({ manual }: { manual: Manual }) {
  const { t } = useTranslation()
  const lines = [
    ['cell', manual.rfm && <CellLine rfm={manual.rfm} />],
    ['likes', manual.likes.length > 0 && <LikeLines likes={manual.likes} />],
    ['active', findHabit(manual.hours) && <HabitLine hours={manual.hours} />],
    ['buys', manual.orders && manual.orders.count > 0 && <OrderLine orders={manual.orders} />],
    ['seen', manual.behaviour.lastSeenAt && <BehaviourLine behaviour={manual.behaviour} />],
    ['worked', manual.worked.length > 0 && <WorkedLines worked={manual.worked} />],
    ['annoyed', manual.annoyed.length > 0 && <AnnoyedLines annoyed={manual.annoyed} />],
  ] as const
  return (
    <dl>
      {lines.map(([what, known]) => (
        <div key={what} style={{ display: 'contents' }}>
          <dt>{t(`insight.manual.${what}`)}</dt>
          <dd>{known || <span className="quiet">{t('insight.manual.unknown')}</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

function useDay() {
  const { i18n } = useTranslation()
  const now = useNow()
  return (at: string) => sayDay(new Date(at), now, languageOf(i18n))
}

function CellLine({ rfm }: { rfm: NonNullable<Manual['rfm']> }) {
  const { t } = useTranslation()
  const day = useDay()
  return (
    <>
      <Link to={`/contacts?segment=${rfm.segmentId}&state=all`}>{rfm.name}</Link>{' '}
      <small className="quiet">
        {t('insight.manual.stays', { day: day(rfm.since) })}
        {rfm.until &&
          ` · ${rfm.next ? t('insight.manual.until', { day: day(rfm.until), next: rfm.next }) : t('insight.manual.untilGone', { day: day(rfm.until) })}`}
      </small>
      {rfm.play && <p>{rfm.play}</p>}
    </>
  )
}

function LikeLines({ likes }: { likes: Manual['likes'] }) {
  const { t } = useTranslation()
  const day = useDay()
  const shown = (['category', 'product', 'words'] as const).flatMap((what) =>
    likes.filter((one) => one.what === what).slice(0, LIKES_SHOWN),
  )
  return shown.map((one) => (
    <p key={`${one.what} ${one.name}`}>
      {one.what === 'words' ? t('insight.manual.search', { words: one.name }) : one.name}{' '}
      <small className="quiet">
        {(['bought', 'saved', 'viewed', 'searched'] as const)
          .filter((how) => one[how] > 0)
          .map((how) => t(`insight.manual.${how}`, { n: one[how] }))
          .join(' · ')}{' '}
        · {t('insight.manual.since', { day: day(one.lastAt) })}
      </small>
    </p>
  ))
}

function HabitLine({ hours }: { hours: readonly number[] }) {
  const { t } = useTranslation()
  const ramp = CHART_COLORS[useShade()].sequential
  const habit = findHabit(hours)
  if (!habit) return null
  const most = Math.max(...hours)
  const weekday = (day: number) => t(`channels.roster.weekday.${(day + 1) as 1}`)
  return (
    <>
      {t('insight.manual.hours', { from: habit.from, to: habit.to })}
      {t('insight.manual.comma')}
      {t('insight.manual.hoursMost', { weekday: weekday(habit.weekday) })}{' '}
      <small className="quiet">
        {t('insight.manual.hoursOf', { n: habit.of, share: `${Math.round(habit.share * 100)}%` })}
      </small>
      <div className={styles.strip168} role="img" aria-label={t('insight.manual.heat')}>
        {hours.map((n, place) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour of the week is its place
            key={place}
            title={t('insight.manual.heatCell', { weekday: weekday(Math.floor(place / 24)), hour: place % 24, n })}
            style={n === 0 ? undefined : { background: ramp[Math.max(2, Math.ceil((n / most) * (ramp.length - 1)))] }}
          />
        ))}
      </div>
    </>
  )
}

function OrderLine({ orders }: { orders: NonNullable<Manual['orders']> }) {
  const { t } = useTranslation()
  const day = useDay()
  return (
    <>
      {t('insight.manual.orders', {
        n: orders.count,
        total: sayYuan(orders.totalFen),
        average: sayYuan(orders.averageFen ?? 0),
      })}{' '}
      <small className="quiet">
        {orders.firstAt &&
          orders.lastAt &&
          t('insight.manual.ordersFrom', { first: day(orders.firstAt), last: day(orders.lastAt) })}
      </small>
    </>
  )
}

function BehaviourLine({ behaviour }: { behaviour: Manual['behaviour'] }) {
  const { t } = useTranslation()
  return (
    <>
      <Ago at={behaviour.lastSeenAt!} />
      {t('insight.manual.comma')}
      {t('insight.manual.views', { n7: behaviour.views7, n30: behaviour.views30 })}{' '}
      <small className="quiet">
        {t('insight.manual.deeds', behaviour)}
        {behaviour.isFloor && t('insight.manual.floor')}
      </small>
    </>
  )
}

function WorkedLines({ worked }: { worked: Manual['worked'] }) {
  const { t } = useTranslation()
  const day = useDay()
  return worked.slice(0, LIKES_SHOWN).map((one) => (
    <p key={`${one.what} ${one.name}`}>
      {t(`insight.manual.${one.what}`, { name: one.name })}{' '}
      <small className="quiet">
        {t('insight.manual.led', { n: one.orders, money: sayYuan(one.totalFen) })} ·{' '}
        {t('insight.manual.since', { day: day(one.lastAt) })}
      </small>
    </p>
  ))
}

function AnnoyedLines({ annoyed }: { annoyed: Manual['annoyed'] }) {
  const { t } = useTranslation()
  const day = useDay()
  return annoyed.map((one) => (
    <p key={one.what}>
      {t(`insight.manual.${one.what}`, { n: one.number, money: sayYuan(one.totalFen) })}{' '}
      <small className="quiet">{t('insight.manual.since', { day: day(one.lastAt) })}</small>
    </p>
  ))
}
