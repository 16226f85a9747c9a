import { keepPreviousData } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayDay, sayMoment, shanghaiDay, shanghaiParts } from '../../ui/time-words.ts'
import { useIsPhone } from '../../ui/use-media.ts'
import { DepartmentChip } from '../staff/department-chip.tsx'
import styles from './duty.module.css'
import { type Calendar, dayAt } from './duty-days.ts'
import { DayList, DayTracks, WeekTable } from './duty-table.tsx'
import { useReportParams } from './period.ts'
import reports from './reports.module.css'

const DAY_MS = 86_400_000

/** Who receives new customers when: a week or a day of all codes. */
export function DutyPage() {
  const { t } = useTranslation()
  const now = useNow()
  const phone = useIsPhone()
  const { params, change, departmentId, day } = useReportParams()
  const today = shanghaiDay(now)
  const daily = phone || params.get('view') === 'day'
  const { weekday } = shanghaiParts(now)
  const monday = shanghaiDay(new Date(now.getTime() - ((weekday + 6) % 7) * DAY_MS))
  const from = day('from') ?? (daily ? today : monday)
  const days = daily ? 1 : 7
  const query = { from, days, departmentId }
  const calendar = api.useQuery(
    'get',
    '/api/reports/duty',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  const move = (by: number) => change({ from: shanghaiDay(new Date(dayAt(from, 0).getTime() + by * days * DAY_MS)) })
  return (
    <div className={styles.whole}>
      <PageHeader
        crumbs={[{ label: t('nav.reports') }]}
        title={t('reports.duty.title')}
        meta={<Span from={from} days={days} />}
      >
        {!phone && (
          <Segmented
            value={daily ? 'day' : 'week'}
            options={(['week', 'day'] as const).map((value) => ({ value, label: t(`reports.duty.${value}`) }))}
            onChange={(next) => change({ view: next === 'day' ? 'day' : undefined, from: undefined })}
          />
        )}
        <Button icon={<Icon name="left" size={14} />} aria-label={t('reports.duty.earlier')} onClick={() => move(-1)} />
        <Button onClick={() => change({ from: undefined })}>{t('reports.duty.today')}</Button>
        <Button icon={<Icon name="right" size={14} />} aria-label={t('reports.duty.later')} onClick={() => move(1)} />
        {!phone && <Button onClick={() => window.print()}>{t('reports.duty.print')}</Button>}
      </PageHeader>
      <div className={`${reports.filters} ${styles.noPrint}`}>
        <DepartmentChip departmentId={departmentId} onChange={(department) => change({ department })} />
      </div>
      <div className={reports.page}>
        <Loaded
          query={calendar}
          what={t('reports.duty.title')}
          skeleton={
            <Panel edge>
              <SkeletonRows rows={10} />
            </Panel>
          }
        >
          {(data) => (data.people.length === 0 ? <Nobody /> : <Body calendar={data} daily={daily} phone={phone} />)}
        </Loaded>
      </div>
    </div>
  )
}

function Span({ from, days }: { from: string; days: number }) {
  const { i18n } = useTranslation()
  const now = useNow()
  const say = (nr: number) => sayDay(dayAt(from, nr), now, languageOf(i18n))
  return <>{days === 1 ? say(0) : `${say(0)} – ${say(days - 1)}`}</>
}

function Nobody() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Panel>
      <EmptyState
        icon="qr"
        title={t('reports.duty.none')}
        why={t('reports.duty.noneWhy')}
        action={<Button onClick={() => void navigate('/channels')}>{t('reports.duty.toCodes')}</Button>}
      />
    </Panel>
  )
}

function Body({ calendar, daily, phone }: { calendar: Calendar; daily: boolean; phone: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={reports.column}>
      <OffNow calendar={calendar} />
      <Panel edge>
        {phone ? (
          <DayList calendar={calendar} />
        ) : daily ? (
          <DayTracks calendar={calendar} />
        ) : (
          <WeekTable calendar={calendar} />
        )}
      </Panel>
      <Faults calendar={calendar} />
      <p className="small quiet">{t('reports.duty.footnote')}</p>
    </div>
  )
}

/** Who takes nobody right now, and until when. */
function OffNow({ calendar: { people } }: { calendar: Calendar }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const off = people.filter((person) => person.off)
  const cannot = people.filter((person) => !person.able || !person.follows)
  if (off.length + cannot.length === 0) return null
  return (
    <p className={styles.off}>
      <Icon name="moon" size={14} />
      {off.map(({ staffId, name, offUntil }) => (
        <span key={staffId}>
          <b>{name}</b>{' '}
          {offUntil
            ? t('reports.duty.offUntil', { until: sayMoment(new Date(offUntil), now, languageOf(i18n)) })
            : t('reports.duty.offOpen')}
        </span>
      ))}
      {cannot.map(({ staffId, name, able }) => (
        <span key={staffId} className="warn">
          <b>{name}</b> {t(able ? 'reports.duty.unlicensed' : 'reports.duty.cannot')}
        </span>
      ))}
    </p>
  )
}

/** Hours nobody is on shift, and people on two rosters at once. */
function Faults({ calendar: { gaps, doubles, codes, people } }: { calendar: Calendar }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const code = new Map(codes.map(({ channelCodeId, name }) => [channelCodeId, name]))
  const person = new Map(people.map(({ staffId, name }) => [staffId, name]))
  const say = (at: string) => sayMoment(new Date(at), now, languageOf(i18n))
  const byCode = Map.groupBy(gaps, ({ channelCodeId }) => channelCodeId)
  return (
    <div className={reports.pair}>
      <Panel title={t('reports.duty.gaps')} sub={t('reports.duty.gapsSub')}>
        {gaps.length === 0 && <p className="quiet">{t('reports.duty.gapsNone')}</p>}
        {[...byCode].map(([channelCodeId, own]) => (
          <details key={channelCodeId} className={styles.gap}>
            <summary>
              <span>{code.get(channelCodeId)}</span>
              <span className="warn">{t('reports.duty.gapCount', { n: own.length })}</span>
            </summary>
            <ul>
              {own.map(({ from, to }) => (
                <li key={from}>
                  {say(from)} – {say(to)}
                </li>
              ))}
              <li>
                <Link to={`/channels/${channelCodeId}`}>{t('reports.duty.openCode')}</Link>
              </li>
            </ul>
          </details>
        ))}
      </Panel>
      <Panel title={t('reports.duty.doubles')} sub={t('reports.duty.doublesSub')}>
        {doubles.length === 0 && <p className="quiet">{t('reports.duty.doublesNone')}</p>}
        <ul className={styles.doubles}>
          {doubles.map(({ staffId, from, to, channelCodeIds }) => (
            <li key={`${staffId} ${from}`}>
              <b>{person.get(staffId)}</b> {say(from)} – {say(to)}
              <span className="quiet"> {channelCodeIds.map((id) => code.get(id)).join('、')}</span>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  )
}
