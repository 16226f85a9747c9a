import { App, Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonBlock, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import { Person } from './person.tsx'
import styles from './reports.module.css'

type Licence = Answer<'/api/reports/licence'>
type List = Licence['allowed']
type Row = List['items'][number]
const ASK_EVERY_MS = 2_000
const ASKED_FOR_MS = 60_000

/** Who may have customers in WeCom, who may not and ought to, and whose customers are nobody's. */
export function LicencePage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const may = useCan('contacts.sync')
  const [asked, setAsked] = useState<string | null>()
  const licence = api.useQuery(
    'get',
    '/api/reports/licence',
    {},
    { refetchInterval: asked === undefined ? false : ASK_EVERY_MS },
  )
  const readAt = licence.data?.readAt ?? null
  const check = api.useMutation('post', '/api/reports/licence/check', { onError, onSuccess: () => setAsked(readAt) })
  const answered = asked !== undefined && readAt !== asked
  useEffect(() => {
    if (asked === undefined) return
    if (answered) void message.success(t('reports.licence.checked'))
    const over = setTimeout(() => setAsked(undefined), answered ? 0 : ASKED_FOR_MS)
    return () => clearTimeout(over)
  }, [asked, answered, message, t])
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.reports') }]}
        title={t('reports.licence.title')}
        meta={
          readAt && (
            <>
              {t('reports.licence.readAt')} <Ago at={readAt} />
            </>
          )
        }
      >
        {may && (
          <Button
            icon={<Icon name="refresh" size={14} />}
            loading={check.isPending || asked !== undefined}
            onClick={() => check.mutate({})}
          >
            {t('reports.licence.check')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={licence} what={t('reports.licence.title')} skeleton={<Waiting />}>
          {(data) => (
            <div className={styles.column}>
              <Missing data={data} />
              <Left data={data} />
              <Allowed data={data} />
            </div>
          )}
        </Loaded>
      </div>
    </>
  )
}

function Missing({ data: { missing, others } }: { data: Licence }) {
  const { t } = useTranslation()
  return (
    <Panel
      edge
      title={t('reports.licence.missing')}
      sub={<span className={styles.wide}>{t('reports.licence.missingSub')}</span>}
      extra={<Count n={missing.total} warn />}
    >
      {missing.total === 0 ? (
        <EmptyState
          small
          icon="check"
          title={t('reports.licence.missingNone')}
          why={t('reports.licence.others', { n: others })}
        />
      ) : (
        <>
          <People list={missing} label={t('reports.licence.missing')} />
          <ol className={styles.steps}>
            {(['one', 'two', 'three'] as const).map((step) => (
              <li key={step}>{t(`reports.licence.steps.${step}`)}</li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  )
}

function Left({ data: { left, leftCustomers } }: { data: Licence }) {
  const { t } = useTranslation()
  return (
    <Panel
      edge
      title={t('reports.licence.left')}
      sub={<span className={styles.wide}>{t('reports.licence.leftSub')}</span>}
      extra={<Count n={left.total} warn />}
    >
      {left.total === 0 ? (
        <EmptyState small icon="check" title={t('reports.licence.leftNone')} />
      ) : (
        <>
          <People list={left} label={t('reports.licence.left')} />
          <p className={styles.capped}>{t('reports.licence.leftWhy', { n: leftCustomers })}</p>
        </>
      )}
    </Panel>
  )
}

function Allowed({ data: { allowed } }: { data: Licence }) {
  const { t } = useTranslation()
  return (
    <Panel
      edge
      title={t('reports.licence.allowed')}
      sub={<span className={styles.wide}>{t('reports.licence.allowedSub')}</span>}
      extra={<Count n={allowed.total} />}
    >
      {allowed.total === 0 ? (
        <EmptyState small icon="people" title={t('reports.licence.allowedNone')} why={t('reports.licence.steps.one')} />
      ) : (
        <People list={allowed} label={t('reports.licence.allowed')} />
      )}
    </Panel>
  )
}

function Count({ n, warn = false }: { n: number; warn?: boolean }) {
  const { t } = useTranslation()
  return <b className={warn && n > 0 ? 'warn' : undefined}>{t('home.people', { n })}</b>
}

function People({ list: { items, total }, label }: { list: List; label: string }) {
  const { t } = useTranslation()
  const codes = (row: Row) =>
    row.codes.length === 0 ? (
      <span className="quiet">{t('reports.licence.noCodes')}</span>
    ) : (
      <span className={styles.links}>
        {row.codes.map(({ channelCodeId, name }) => (
          <Link key={channelCodeId} to={`/channels/${channelCodeId}`}>
            {name}
          </Link>
        ))}
      </span>
    )
  const customers = (row: Row) =>
    row.customers > 0 ? (
      <Link to={`/contacts?staff=${row.staffId}`}>{row.customers}</Link>
    ) : (
      <span className="quiet">0</span>
    )
  const wecom = ({ refused }: Row) =>
    refused === null ? null : (
      <span className="warn small" title={t('reports.stats.refusedWhy', { code: refused })}>
        {t('reports.licence.refused', { code: refused })}
      </span>
    )
  const columns: Column<Row>[] = [
    { key: 'name', title: t('reports.column.name'), width: '30%', cell: (row) => <Person {...row} /> },
    { key: 'codes', title: t('reports.licence.codes'), cell: codes },
    ...(items.some(({ refused }) => refused !== null)
      ? [{ key: 'wecom', title: t('reports.licence.wecom'), width: 150, cell: (row: Row) => wecom(row) ?? '—' }]
      : []),
    { key: 'customers', title: t('reports.column.customers'), width: 96, align: 'right', cell: customers },
  ]
  return (
    <>
      <ListTable
        rows={items}
        columns={columns}
        rowKey={({ staffId }) => staffId}
        label={label}
        minWidth={720}
        card={(row) => (
          <span className={styles.card}>
            <span className={styles.between}>
              <Person {...row} />
              {customers(row)}
            </span>
            <span className="small">{codes(row)}</span>
            {wecom(row)}
          </span>
        )}
      />
      {total > items.length && <p className={styles.capped}>{t('reports.capped', { shown: items.length, total })}</p>}
    </>
  )
}

const Waiting = () => (
  <div className={styles.column}>
    <SkeletonBlock height={120} />
    <Panel edge>
      <SkeletonRows rows={6} />
    </Panel>
  </div>
)
