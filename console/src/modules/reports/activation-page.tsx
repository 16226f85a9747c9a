import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Figures } from '../../ui/figures.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import { refreshSegments } from '../segments/segments-page.tsx'
import { useCan } from '../staff/session.ts'
import styles from './activation.module.css'

type Activation = Answer<'/api/reports/activation'>
type Row = Activation['rows'][number]
const DAYS = ['7', '14', '30'] as const
/** As the server judges by; fewer say too little. */
const PEOPLE_MIN = 30
const WATCH_MS = 2_000

/** Who can still be reached by how long ago he bought, and whom to wake first. */
export function ActivationPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const days = DAYS.find((one) => one === params.get('days')) ?? '30'
  const found = api.useQuery(
    'get',
    '/api/reports/activation',
    { params: { query: { days } } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data?.counting ? WATCH_MS : false),
    },
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.reports') }]}
        title={t('insight.activation.title')}
        meta={t('insight.activation.sub')}
      >
        <Segmented
          aria-label={t('insight.activation.days')}
          value={days}
          options={DAYS.map((n) => ({ value: n, label: t('insight.activation.lastDays', { n }) }))}
          onChange={(next) => setParams(next === '30' ? {} : { days: next }, { replace: true })}
        />
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={found} what={t('insight.activation.title')} skeleton={<SkeletonBlock height={360} />}>
          {(data) => <Found data={data} days={Number(days)} />}
        </Loaded>
      </div>
    </>
  )
}

function Found({ data, days }: { data: Activation; days: number }) {
  const { t } = useTranslation()
  if (data.rows.every(({ people }) => people === 0))
    return (
      <Panel>
        <EmptyState icon="people" title={t('insight.activation.none')} why={t('insight.activation.noneWhy')} />
      </Panel>
    )
  return (
    <div className={styles.column}>
      {data.counting && (
        <p className={styles.strip} role="status">
          {t('insight.activation.counting')}
        </p>
      )}
      <Totals rows={data.rows} days={days} />
      <Panel edge title={t('insight.activation.first')} sub={t('insight.activation.firstSub')}>
        <Rows rows={data.rows} />
      </Panel>
      <div className={styles.notes}>
        <p>{t('insight.activation.cohort', { n: days })}</p>
        <p>{t('insight.activation.note')}</p>
        <p>{t('insight.activation.referenceNote', { n: PEOPLE_MIN })}</p>
      </div>
    </div>
  )
}

/** Living and dead, side by side. */
function Totals({ rows, days }: { rows: Row[]; days: number }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const sum = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  const [people, reachable] = [sum((row) => row.people), sum((row) => row.reachable)]
  const figures = [
    [t('insight.activation.totals.people'), count(people), ''],
    [t('insight.activation.totals.reachable'), count(reachable), t('insight.activation.reachableWhat')],
    [t('insight.activation.totals.dead'), count(people - reachable), sayRate(people - reachable, people)],
    [
      t('insight.activation.totals.alive', { n: days }),
      count(sum(({ observed }) => observed.alive)),
      sayRate(
        sum(({ observed }) => observed.alive),
        sum(({ observed }) => observed.of),
      ),
    ],
  ] as const
  return (
    <Figures figures={figures}>
      <div className={styles.bar} aria-hidden>
        <i style={{ width: `${people === 0 ? 0 : (reachable / people) * 100}%` }} />
      </div>
    </Figures>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  const { t, i18n } = useTranslation()
  const mayWrite = useCan('segments.write')
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const seen = (of: number, n: number) => t('insight.activation.seen', { of: count(of), n: count(n) })
  const columns: Column<Row>[] = [
    { key: 'age', title: t('insight.activation.column.age'), cell: ({ age }) => t(`insight.activation.age.${age}`) },
    {
      key: 'people',
      title: t('insight.activation.column.people'),
      align: 'right',
      width: 80,
      cell: ({ people }) => count(people),
    },
    {
      key: 'reachable',
      title: t('insight.activation.column.reachable'),
      align: 'right',
      width: 132,
      cell: ({ reachable, people }) => (
        <>
          {count(reachable)} <small className="quiet">{sayRate(reachable, people)}</small>
        </>
      ),
    },
    { key: 'alive', title: t('insight.activation.column.alive'), width: 250, cell: (row) => <Answers row={row} /> },
    {
      key: 'bought',
      title: t('insight.activation.column.bought'),
      width: 170,
      cell: ({ buys, observed }) =>
        buys ? (
          <span title={seen(observed.of, observed.bought)}>
            {sayRate(observed.bought, observed.of)} <small className="quiet">{sayRange(buys)}</small>
          </span>
        ) : (
          <small className="quiet">{t('insight.activation.tooFew')}</small>
        ),
    },
    {
      key: 'expected',
      title: t('insight.activation.column.expected'),
      align: 'right',
      width: 96,
      cell: ({ expectedFen }) => (expectedFen === null ? '—' : sayYuan(Math.round(expectedFen / 100) * 100)),
    },
    ...(mayWrite
      ? [
          {
            key: 'make',
            title: t('insight.activation.column.make'),
            width: 104,
            cell: (row: Row) => <MakeSegment row={row} />,
          },
        ]
      : []),
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ age }) => age}
      label={t('insight.activation.first')}
      minWidth={940}
      card={(row) => (
        <span className={styles.card}>
          <b>{t(`insight.activation.age.${row.age}`)}</b>
          <span>
            {t('insight.activation.column.reachable')} {count(row.reachable)} / {count(row.people)}
          </span>
          <Answers row={row} />
          {mayWrite && <MakeSegment row={row} />}
        </span>
      )}
    />
  )
}

const percent = (share: number) => `${(share * 100).toFixed(1)}%`
const sayRange = ({ low, high }: { low: number; high: number }) => `${percent(low)}–${percent(high)}`

/** What share answers, by what was seen here or in the proportion others told of. */
function Answers({ row: { answers, observed, reference, reachable } }: { row: Row }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  if (answers?.by === 'own')
    return (
      <span title={t('insight.activation.seen', { of: count(observed.of), n: count(observed.alive) })}>
        {percent(answers.rate)} <small className="quiet">{sayRange(answers)}</small>{' '}
        <small className="quiet">
          {t('insight.activation.wouldAnswer', { n: count(Math.round(reachable * answers.rate)) })}
        </small>
      </span>
    )
  if (answers)
    return (
      <span>
        {percent(answers.rate)} <small className={styles.reference}>{t('insight.activation.reference')}</small>
      </span>
    )
  if (reference === null) return <small className="quiet">{t('insight.activation.tooFew')}</small>
  return (
    <small className={styles.reference}>
      {t('insight.activation.reference')}{' '}
      {reference < 1 ? t('insight.activation.referenceLess') : t('insight.activation.referenceTimes', { n: reference })}
    </small>
  )
}

/** Those of the row who are friends still, as a segment: people come and go in it by themselves. */
function MakeSegment({ row }: { row: Row }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const name = t('insight.activation.madeName', {
    age: t(`insight.activation.age.${row.age}`),
    day: sayDay(now, now, languageOf(i18n)),
  })
  const make = api.useMutation('post', '/api/segments', {
    onError,
    onSuccess: ({ segmentId }) => {
      void refreshSegments()
      void message.success(t('insight.activation.made', { name }))
      void navigate(`/segments/${segmentId}`)
    },
  })
  return (
    <Button
      size="small"
      disabled={row.people === 0}
      loading={make.isPending}
      onClick={() => make.mutate({ body: { name: name.slice(0, 30), note: '', rule: row.rule } })}
    >
      {t('insight.activation.make')}
    </Button>
  )
}
