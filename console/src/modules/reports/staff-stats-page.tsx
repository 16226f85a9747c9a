import { keepPreviousData } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useNow } from '../../ui/clock.ts'
import { Split } from '../../ui/dock.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { DepartmentChip } from '../staff/department-chip.tsx'
import { StatsExport } from './export-button.tsx'
import { FigureStrip } from './figure-strip.tsx'
import { MemberDock } from './member-dock.tsx'
import { usePeriod, useReportParams } from './period.ts'
import { OwnDays, PeriodPicker } from './period-picker.tsx'
import styles from './reports.module.css'
import { DepartmentTable, isSort, MemberTable, type Sort, type Stats } from './stats-table.tsx'
import { CHOSEN_MAX, TrendPanel } from './trend-panel.tsx'

/** What each member and each department brought, kept and said. */
export function StaffStatsPage() {
  const { t } = useTranslation()
  const { range, days } = usePeriod()
  const { params, change, departmentId, id } = useReportParams()
  const [chosen, setChosen] = useState<string[]>([])
  const q = params.get('q')?.trim().slice(0, 64) || undefined
  const sort: Sort = isSort(params.get('sort')) ? (params.get('sort') as Sort) : 'added'
  const order = params.get('order') === 'asc' ? 'asc' : 'desc'
  const filter = { ...range, q, departmentId, sort, order } as const
  const stats = api.useQuery(
    'get',
    '/api/reports/staff',
    { params: { query: filter } },
    { placeholderData: keepPreviousData },
  )
  const openId = id('id', /^[1-9]\d{0,17}$/)
  const open = stats.data?.items.find(({ staffId }) => staffId === openId)
  const view = params.get('view') === 'departments' && !q ? 'departments' : 'members'
  const toggle = (ids: string[], on: boolean) =>
    setChosen((now) =>
      on ? [...new Set([...now, ...ids])].slice(0, CHOSEN_MAX) : now.filter((one) => !ids.includes(one)),
    )
  return (
    <Split dock={open && <MemberDock row={open} range={range} onClose={() => change({ id: undefined })} />}>
      <PageHeader crumbs={[{ label: t('nav.reports') }]} title={t('reports.stats.title')}>
        <PeriodPicker />
        <StatsExport query={filter} />
      </PageHeader>
      <div className={styles.filters}>
        <SearchBox
          className={styles.search}
          value={q ?? ''}
          placeholder={t('reports.search')}
          onCommit={(text) => change({ q: text })}
        />
        <DepartmentChip departmentId={departmentId} onChange={(department) => change({ department })} />
        <OwnDays />
      </div>
      <div className={styles.page}>
        <Loaded query={stats} what={t('reports.stats.title')} skeleton={<Waiting />}>
          {(data) => (
            <div className={styles.column}>
              <FigureStrip totals={data.totals} days={days} />
              <TrendPanel
                range={range}
                departmentId={departmentId}
                q={q}
                chosen={chosen}
                onClear={() => setChosen([])}
              />
              <Panel
                edge
                title={
                  <Segmented
                    size="small"
                    value={view}
                    options={(['members', 'departments'] as const).map((value) => ({
                      value,
                      label: t(`reports.stats.${value}`),
                      disabled: value === 'departments' && q !== undefined,
                    }))}
                    onChange={(next) => change({ view: next === 'members' ? undefined : next })}
                  />
                }
                sub={view === 'members' && data.items.length > 0 && t('reports.stats.choose', { most: CHOSEN_MAX })}
                extra={<CountedUntil stats={data} />}
              >
                {view === 'departments' ? (
                  <DepartmentTable
                    rows={data.departments}
                    onChoose={(department) => change({ department, view: undefined })}
                  />
                ) : data.items.length === 0 ? (
                  <EmptyState icon="people" title={t('reports.stats.none')} why={t('reports.stats.noneWhy')} />
                ) : (
                  <MemberTable
                    rows={data.items}
                    range={range}
                    sort={sort}
                    order={order}
                    onSort={(next) => change(next)}
                    openId={openId}
                    onOpen={(staffId) => change({ id: staffId })}
                    selection={{ keys: new Set(chosen), onToggle: toggle }}
                  />
                )}
                {data.total > data.items.length && view === 'members' && (
                  <p className={styles.capped}>
                    {t('reports.capped', { shown: data.items.length, total: data.total })}
                  </p>
                )}
              </Panel>
              <p className="small quiet">{t('reports.stats.footnote')}</p>
            </div>
          )}
        </Loaded>
      </div>
    </Split>
  )
}

function CountedUntil({ stats: { countedUntil } }: { stats: Stats }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (!countedUntil) return <span className="quiet">{t('reports.stats.notCounted')}</span>
  const day = sayDay(new Date(`${countedUntil}T12:00:00+08:00`), now, languageOf(i18n))
  return <span className="quiet">{t('reports.stats.countedUntil', { day })}</span>
}

const Waiting = () => (
  <div className={styles.column}>
    <SkeletonBlock height={92} />
    <SkeletonBlock height={240} />
    <Panel edge>
      <SkeletonRows rows={8} />
    </Panel>
  </div>
)
