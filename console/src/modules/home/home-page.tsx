import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayClock, sayDay, shanghaiParts } from '../../ui/time-words.ts'
import { FeedPanel } from '../events/feed.tsx'
import { useCan } from '../staff/session.ts'
import { HealthStrip } from './health-strip.tsx'
import styles from './home.module.css'
import { CodeRanks, StaffRanks } from './ranks.tsx'
import { TodayTree } from './today-tree.tsx'

export type Home = Answer<'/api/home'>

const EVERY_MS = 60_000
/** A busy minute tells of many events; the numbers follow at most this often. */
const SETTLE_MS = 2_000

export function HomePage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const home = api.useQuery('get', '/api/home', {}, { refetchInterval: EVERY_MS })
  const mayCreate = useCan('channels.write')
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined)
  const countAgain = () => {
    soon.current ??= setTimeout(() => {
      soon.current = undefined
      void client.invalidateQueries({ queryKey: ['get', '/api/home'] })
    }, SETTLE_MS)
  }
  return (
    <>
      <PageHeader
        title={t('home.title')}
        meta={home.data && t('home.until', { time: sayClock(new Date(home.data.at)) })}
      >
        {mayCreate && (
          <Link to="/channels/new">
            <Button type="primary" icon={<Icon name="plus" size={14} />}>
              {t('channels.create')}
            </Button>
          </Link>
        )}
      </PageHeader>
      <div className={styles.page}>
        <HealthStrip />
        <div className={styles.left}>
          <Loaded query={home} what={t('home.title')} skeleton={<SkeletonRows rows={6} height={72} />}>
            {(data) => (
              <div className={styles.left}>
                <TodayTree home={data} />
                <Charts home={data} />
                <div className={styles.pair}>
                  <CodeRanks codes={data.codes} />
                  <StaffRanks staff={data.staff} />
                </div>
              </div>
            )}
          </Loaded>
        </div>
        <div className={styles.right}>
          <FeedPanel onNews={countAgain} className={styles.feed} />
        </div>
      </div>
    </>
  )
}

function Charts({ home }: { home: Home }) {
  const { t, i18n } = useTranslation()
  const now = new Date(home.at)
  const hourNow = Number(shanghaiParts(now).hour)
  const sum = (of: (day: Home['days'][number]) => number) => home.days.reduce((total, day) => total + of(day), 0)
  return (
    <div className={styles.pair}>
      <ChartPanel
        title={t('home.hours')}
        says={t('home.hoursSays', { today: home.added.value, yesterday: home.added.before })}
        labels={home.hours.map(({ hour }) => `${hour}:00`)}
        series={[
          {
            name: t('home.today'),
            slot: 0,
            values: home.hours.map(({ hour, today }) => (hour <= hourNow ? today : null)),
            area: true,
          },
          { name: t('home.yesterday'), slot: 'compare', values: home.hours.map(({ yesterday }) => yesterday) },
        ]}
        height={168}
      />
      <ChartPanel
        title={t('home.days')}
        says={t('home.daysSays', { added: sum((day) => day.added), lost: sum((day) => day.lost) })}
        kind="bar"
        labels={home.days.map(({ day }) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n)))}
        series={[
          { name: t('home.added'), slot: 0, values: home.days.map(({ added }) => added) },
          { name: t('home.lost'), slot: 1, values: home.days.map(({ lost }) => lost) },
        ]}
        height={168}
      />
    </div>
  )
}
