import { keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { zh } from '../../i18n/zh.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Moment } from '../../ui/time.tsx'
import styles from './staff.module.css'

type Row = Answer<'/api/audit'>['items'][number]
type Action = keyof typeof zh.audit.action
const PAGE = 50
const ACTIONS = Object.keys(zh.audit.action) as Action[]

export function AuditPage() {
  const { t } = useTranslation()
  const keyset = useKeyset()
  const [params, setParams] = useSearchParams()
  const action = ACTIONS.find((name) => name === params.get('action'))
  const list = api.useQuery(
    'get',
    '/api/audit',
    { params: { query: { before: keyset.cursor, action, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <div className={styles.full}>
      <PageHeader crumbs={[{ label: t('nav.settings') }]} title={t('audit.title')} meta={t('audit.meta')} />
      <div className={styles.filters}>
        <FilterChip
          label={t('audit.filter')}
          value={action && t(`audit.action.${action}`)}
          onClear={() => setParams({})}
        >
          {(close) => (
            <ChoiceList
              label={t('audit.filter')}
              choices={ACTIONS.map((value) => ({ value, label: t(`audit.action.${value}`) }))}
              chosen={action ? [action] : []}
              onChoose={(value) => {
                setParams({ action: value })
                close()
              }}
            />
          )}
        </FilterChip>
        <Verdict />
      </div>
      <div className={styles.list}>
        <Loaded query={list} what={t('audit.title')} skeleton={<SkeletonRows rows={14} avatar={false} />}>
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <EmptyState icon="log" title={t('audit.emptyTitle')} why={t('audit.emptyWhy')} />
            ) : (
              <>
                <Lines rows={items} />
                <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
              </>
            )
          }
        </Loaded>
      </div>
    </div>
  )
}

/** Whether the chain of lines is whole: checked when the page is opened. */
function Verdict() {
  const { t } = useTranslation()
  const { data } = api.useQuery('get', '/api/audit/verdict', {}, { staleTime: 60_000 })
  if (!data || data.lines === 0) return null
  const words =
    data.brokenAt !== null
      ? t('audit.brokenAt', { n: data.brokenAt })
      : data.cutOff
        ? t('audit.cutOff', { n: data.lines })
        : t('audit.whole', { n: data.lines })
  const whole = data.brokenAt === null && !data.cutOff
  return (
    <span className={whole ? styles.whole : styles.broken} role={whole ? undefined : 'alert'}>
      <Icon name={whole ? 'check' : 'alert'} size={14} />
      {words}
    </span>
  )
}

function Lines({ rows }: { rows: Row[] }) {
  const { t } = useTranslation()
  const what = ({ action }: Row) => {
    const known = ACTIONS.find((name) => name === action)
    return known ? t(`audit.action.${known}`) : action
  }
  const detail = ({ detail: given, objectId }: Row) => {
    if (given.by === 'scan' || given.by === 'password') return t(`audit.by.${given.by}`)
    const name = typeof given.name === 'string' ? given.name : undefined
    return name ?? (objectId ? `#${objectId}` : '—')
  }
  const columns: Column<Row>[] = [
    {
      key: 'at',
      title: t('audit.column.at'),
      width: 144,
      cell: ({ at }) => (
        <span className="soft">
          <Moment at={at} />
        </span>
      ),
    },
    { key: 'actor', title: t('audit.column.actor'), width: '16%', cell: ({ actor }) => actor },
    { key: 'action', title: t('audit.column.action'), width: '22%', cell: what },
    {
      key: 'object',
      title: t('audit.column.object'),
      cell: (row) => <span title={JSON.stringify(row.detail)}>{detail(row)}</span>,
    },
    {
      key: 'from',
      title: t('audit.column.from'),
      width: 144,
      align: 'right',
      cell: ({ ip }) => <span className="mono quiet">{ip ?? '—'}</span>,
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ auditId }) => auditId}
      label={t('audit.list')}
      minWidth={680}
      card={(row) => (
        <span className={styles.card}>
          <span>
            <b>{what(row)}</b>
            <span className="quiet small">
              <Moment at={row.at} />
            </span>
          </span>
          <span className="small soft">
            <span>{row.actor}</span>
            <span className="clip">{detail(row)}</span>
          </span>
        </span>
      )}
    />
  )
}
