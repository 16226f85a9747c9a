import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { EmptyState, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { DepartmentChip } from '../staff/department-chip.tsx'
import { useCan } from '../staff/session.ts'
import { useReportParams } from './period.ts'
import { Person } from './person.tsx'
import styles from './reports.module.css'

type Workload = Answer<'/api/reports/workload'>
type Row = Workload['items'][number]
/** As the server counts who is nearly full. */
const NEAR = 0.8
const EACH_MAX = 100_000

/** Who has how many customers, against how many one should look after. */
export function WorkloadPage() {
  const { t } = useTranslation()
  const { departmentId, change } = useReportParams()
  const load = api.useQuery(
    'get',
    '/api/reports/workload',
    { params: { query: { departmentId } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <>
      <PageHeader crumbs={[{ label: t('nav.reports') }]} title={t('reports.load.title')} />
      <div className={styles.filters}>
        <DepartmentChip departmentId={departmentId} onChange={(department) => change({ department })} />
      </div>
      <div className={styles.page}>
        <Loaded query={load} what={t('reports.load.title')} skeleton={<Waiting />}>
          {(data) => (
            <div className={styles.column}>
              <div className={styles.pair}>
                <Summary data={data} />
                <Spread data={data} />
              </div>
              <Panel
                edge
                title={t('reports.load.byMember')}
                sub={t('reports.load.daysSub', { days: data.days.length })}
              >
                {data.items.length === 0 ? (
                  <EmptyState icon="people" title={t('reports.stats.none')} why={t('reports.stats.noneWhy')} />
                ) : (
                  <Members data={data} />
                )}
                {data.total > data.items.length && (
                  <p className={styles.capped}>
                    {t('reports.capped', { shown: data.items.length, total: data.total })}
                  </p>
                )}
              </Panel>
            </div>
          )}
        </Loaded>
      </div>
    </>
  )
}

function Summary({ data }: { data: Workload }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const mean = data.total > 0 ? Math.round(data.customers / data.total) : 0
  const figures = [
    [t('reports.column.customers'), sayCount(data.customers, language), t('reports.stats.ofStaff', { n: data.total })],
    [t('reports.load.mean'), sayCount(mean, language), t('reports.load.meanWhat')],
    [t('reports.load.over'), data.customersEach === null ? '—' : data.over, t('reports.load.overWhat')],
    [t('reports.load.near'), data.customersEach === null ? '—' : data.near, t('reports.load.nearWhat')],
  ] as const
  return (
    <Panel title={t('reports.load.each')}>
      <Figure customersEach={data.customersEach} />
      <div className={styles.figures} style={{ marginTop: 16 }}>
        {figures.map(([name, value, what]) => (
          <div key={name}>
            <div className="small quiet">{name}</div>
            <span className={styles.n}>{value}</span>
            <div className="small quiet">{what}</div>
          </div>
        ))}
      </div>
    </Panel>
  )
}

/** The figure, and where it is set by those who may. */
function Figure({ customersEach }: { customersEach: number | null }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const may = useCan('channels.write')
  const [typed, setTyped] = useState<number | null>()
  const value = typed === undefined ? customersEach : typed
  const set = api.useMutation('put', '/api/reports/workload/figure', {
    onError,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/reports/workload'] })
      setTyped(undefined)
      void message.success(t('reports.load.saved'))
    },
  })
  if (!may)
    return <p>{customersEach === null ? t('reports.load.eachNone') : t('reports.load.eachIs', { n: customersEach })}</p>
  return (
    <form
      className={styles.eachForm}
      onSubmit={(event) => {
        event.preventDefault()
        set.mutate({ body: { customersEach: value } })
      }}
    >
      <InputNumber
        aria-label={t('reports.load.each')}
        min={1}
        max={EACH_MAX}
        precision={0}
        placeholder={t('reports.load.eachHint')}
        value={value}
        onChange={setTyped}
        style={{ width: 160 }}
        suffix={t('home.contactsUnit')}
      />
      <Button htmlType="submit" loading={set.isPending} disabled={value === customersEach}>
        {t('actions.save')}
      </Button>
      <span className="small quiet">{t('reports.load.eachWhy')}</span>
    </form>
  )
}

function Spread({ data }: { data: Workload }) {
  const { t } = useTranslation()
  const label = ({ from, to }: Workload['spread'][number]) => (from === to ? `${from}` : `${from}–${to}`)
  const fullest = data.spread.toSorted((a, b) => b.staff - a.staff)[0]
  return (
    <ChartPanel
      title={t('reports.load.spread')}
      sub={<span className={styles.wide}>{t('reports.load.spreadSub')}</span>}
      says={fullest ? t('reports.load.spreadSays', { n: fullest.staff, range: label(fullest) }) : ''}
      labels={data.spread.map(label)}
      series={[{ name: t('reports.load.members'), slot: 0, values: data.spread.map(({ staff }) => staff) }]}
      kind="bar"
      height={168}
    />
  )
}

function Members({ data: { items, customersEach, days } }: { data: Workload }) {
  const { t } = useTranslation()
  const top = customersEach ?? Math.max(1, ...items.map(({ customers }) => customers))
  const tone = (n: number) =>
    customersEach === null ? '' : n > customersEach ? 'bad' : n >= customersEach * NEAR ? 'warn' : ''
  const said = (row: Row) => {
    const word = tone(row.customers)
    if (!word) return null
    const over = row.customers - (customersEach ?? 0)
    return (
      <span className={`small ${word}`}>
        {word === 'bad' ? t('reports.load.overBy', { n: over }) : t('reports.load.room', { n: -over })}
      </span>
    )
  }
  const meter = (row: Row) => (
    <span className={styles.load} data-tone={tone(row.customers)}>
      <span className={styles.meter}>
        <i style={{ width: `${Math.min(1, row.customers / top) * 100}%` }} />
      </span>
      {said(row)}
    </span>
  )
  const customers = (row: Row) =>
    row.customers > 0 ? (
      <Link to={`/contacts?staff=${row.staffId}`} title={t('staff.seeCustomers')}>
        {row.customers}
      </Link>
    ) : (
      <span className="quiet">0</span>
    )
  const sum = (row: Row) => row.added.reduce((n, one) => n + one, 0)
  const line = (row: Row) => (
    <Sparkline values={row.added} label={t('reports.load.daily', { n: sum(row), days: days.length })} />
  )
  const columns: Column<Row>[] = [
    { key: 'name', title: t('reports.column.name'), width: '26%', cell: (row) => <Person {...row} /> },
    { key: 'customers', title: t('reports.column.customers'), width: 96, align: 'right', cell: customers },
    { key: 'load', title: t('reports.load.against'), cell: meter },
    { key: 'added', title: t('reports.column.added'), width: 80, align: 'right', cell: sum },
    {
      key: 'mean',
      title: t('reports.load.perDay'),
      width: 88,
      align: 'right',
      cell: (row) => (sum(row) / days.length).toFixed(1),
    },
    { key: 'daily', title: t('reports.load.dailyTitle'), width: 128, align: 'right', cell: line },
  ]
  return (
    <ListTable
      rows={items}
      columns={columns}
      rowKey={({ staffId }) => staffId}
      label={t('reports.load.byMember')}
      minWidth={820}
      card={(row) => (
        <span className={styles.card}>
          <span className={styles.between}>
            <Person {...row} />
            {customers(row)}
          </span>
          {meter(row)}
        </span>
      )}
    />
  )
}

const Waiting = () => (
  <div className={styles.column}>
    <div className={styles.pair}>
      <SkeletonBlock height={212} />
      <SkeletonBlock height={212} />
    </div>
    <Panel edge>
      <SkeletonRows rows={8} />
    </Panel>
  </div>
)
