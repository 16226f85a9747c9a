import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Dock, dockTool, Split } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable, type Selection } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { ProvenanceLegend, TagRow } from '../../ui/tag-chip.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { shortEvent } from '../events/describe-event.ts'
import { useCan } from '../staff/session.ts'
import { BulkStrip } from '../tags/bulk-strip.tsx'
import styles from './contacts.module.css'
import { ExportButton } from './export-button.tsx'
import { FilterBar } from './filter-bar.tsx'
import { changeFilters, countConditions, type Filters, readFilters, toQuery } from './filters.ts'
import { ImportDialog } from './import-dialog.tsx'
import { Profile } from './profile.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useNeighbours } from './use-neighbours.ts'
import { useSelection } from './use-selection.ts'
import { ViewTabs } from './view-tabs.tsx'

type Row = Answer<'/api/contacts'>['items'][number]
const PAGE = 50

export function ContactsPage() {
  const { t, i18n } = useTranslation()
  const [params, setParams] = useSearchParams()
  const filters = readFilters(params)
  const keyset = useKeyset()
  const mayExport = useCan('contacts.export')
  const mayTag = useCan('contacts.tag')
  const mayBulk = useCan('contacts.bulk')
  const [importing, setImporting] = useState(false)
  const openId = params.get('id') ?? undefined
  const asked = toQuery(filters)
  const list = api.useQuery(
    'get',
    '/api/contacts',
    { params: { query: { ...asked, cursor: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  // Counting reads more than a page does: the page does not wait for it.
  const count = api.useQuery('get', '/api/contacts/count', { params: { query: asked } })
  const selection = useSelection(JSON.stringify(asked))
  const open = (id: string | undefined) => {
    const next = new URLSearchParams(params)
    if (id) next.set('id', id)
    else next.delete('id')
    setParams(next, { replace: openId !== undefined && id !== undefined, state: window.history.state?.usr })
  }
  const change = (to: Partial<Filters>) => setParams(changeFilters(params, to), { replace: 'q' in to })

  const items = list.data?.items ?? []
  const at = items.findIndex(({ contactId }) => contactId === openId)
  // Past the edge of the page the list is asked.
  const beside = useNeighbours(openId, asked)
  const neighbour = (step: number) => {
    const id = (at >= 0 ? items[at + step]?.contactId : undefined) ?? (step < 0 ? beside.previousId : beside.nextId)
    return id ? () => open(id) : undefined
  }
  const total =
    count.data &&
    t(count.data.isFloor ? 'contacts.totalFloor' : 'contacts.total', {
      n: sayCount(count.data.total, languageOf(i18n)),
    })
  const dock = openId && (
    <Dock
      label={t('nav.contacts')}
      onClose={() => open(undefined)}
      onStep={{ up: neighbour(-1), down: neighbour(1) }}
      head={
        at >= 0 && keyset.turned !== undefined && list.data ? (
          <span className="soft small">
            {t('contacts.positionOf', { n: keyset.turned * PAGE + at + 1, total: total ?? '' })}
          </span>
        ) : undefined
      }
      tools={
        <Link
          className={dockTool}
          to={{ pathname: `/contacts/${openId}`, search: changeFilters(params, {}).toString() }}
          aria-label={t('actions.expand')}
          title={t('actions.expand')}
        >
          <Icon name="expand" size={15} />
        </Link>
      }
    >
      <Profile key={openId} contactId={openId} />
    </Dock>
  )
  return (
    <Split dock={dock}>
      <PageHeader title={t('contacts.title')} meta={total}>
        {mayExport && <ExportButton query={asked} />}
        {mayBulk && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setImporting(true)}>
            {t('imports.button')}
          </Button>
        )}
        {importing && <ImportDialog onClose={() => setImporting(false)} />}
      </PageHeader>
      <ViewTabs />
      <FilterBar filters={filters} onChange={change} />
      <div className={styles.list}>
        <Loaded query={list} what={t('contacts.list')} skeleton={<SkeletonRows rows={16} />}>
          {(page) =>
            page.items.length === 0 ? (
              <NoContacts
                filters={filters}
                onClear={() => setParams(changeFilters(new URLSearchParams(), { view: filters.view }))}
              />
            ) : (
              <>
                <Rows
                  rows={page.items}
                  view={filters.view}
                  openId={openId}
                  onOpen={open}
                  selection={
                    mayTag
                      ? {
                          keys: selection.picked.all
                            ? new Set(page.items.map(({ contactId }) => contactId))
                            : selection.picked.ids,
                          onToggle: selection.toggle,
                        }
                      : undefined
                  }
                />
                <KeysetFooter
                  keyset={keyset}
                  nextCursor={page.nextCursor}
                  shown={page.items.length}
                  pageSize={PAGE}
                  legend={<ProvenanceLegend />}
                  total={total}
                />
              </>
            )
          }
        </Loaded>
        {mayTag && (
          <div className={styles.floats}>
            <BulkStrip />
            <SelectionBar selection={selection} query={asked} count={count.data} total={total} />
          </div>
        )}
      </div>
    </Split>
  )
}

function Rows({
  rows,
  view,
  openId,
  onOpen,
  selection,
}: {
  rows: Row[]
  view: Filters['view']
  openId: string | undefined
  onOpen: (id: string) => void
  selection: Selection | undefined
}) {
  const { t } = useTranslation()
  const followers = (row: Row) =>
    row.followers.length === 0
      ? '—'
      : row.followerCount > 1
        ? `${row.followers[0]?.name} ${t('contacts.more', { n: row.followerCount })}`
        : row.followers[0]?.name
  const last = (row: Row) =>
    row.lastEvent ? (
      <>
        {t(`events.short.${shortEvent(row.lastEvent.kind)}`)}{' '}
        <span className="quiet">
          <Ago at={row.lastEvent.at} />
        </span>
      </>
    ) : (
      <span className="quiet">{t('contacts.noEvent')}</span>
    )
  const when = (row: Row) => {
    const at = view === 'lost' ? row.lostAt : row.lastAddedAt
    return at ? <Ago at={at} /> : '—'
  }
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('contacts.column.name'),
      width: '26%',
      cell: (row) => <Who row={row} marked={view === 'all'} />,
    },
    { key: 'tags', title: t('contacts.column.tags'), width: '28%', cell: (row) => <TagRow tags={row.tags} /> },
    { key: 'staff', title: t('contacts.column.staff'), width: '14%', cell: followers },
    { key: 'last', title: t('contacts.column.last'), cell: last },
    {
      key: 'when',
      title: t(view === 'lost' ? 'contacts.column.lost' : 'contacts.column.added'),
      width: 132,
      align: 'right',
      cell: (row) => <span className="soft">{when(row)}</span>,
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ contactId }) => contactId}
      label={t('contacts.list')}
      openKey={openId}
      onOpen={({ contactId }) => onOpen(contactId)}
      minWidth={720}
      selection={selection}
      card={(row) => (
        <span className={styles.card}>
          <Who row={row} marked={view === 'all'} />
          {row.tags.length > 0 && (
            <span style={{ paddingLeft: 32 }}>
              <TagRow tags={row.tags} />
            </span>
          )}
          <span className={styles.cardMeta}>
            <span>{followers(row)}</span>
            <span>{last(row)}</span>
          </span>
        </span>
      )}
    />
  )
}

function Who({ row, marked }: { row: Row; marked: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.kind === 2 && <span className={styles.foreign}>@{row.corpName ?? t('contacts.company')}</span>}
      {row.remark && row.remark !== row.name && <small>{row.remark}</small>}
      {marked && row.lostAt && <span className={styles.gone}>{t('contacts.lostMark')}</span>}
    </span>
  )
}

function NoContacts({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayCreate = useCan('channels.write')
  const maySync = useCan('health.act')
  if (countConditions(filters) > 0) {
    return (
      <EmptyState
        icon="filter"
        title={t('contacts.noneTitle')}
        why={
          filters.q && countConditions(filters) === 1
            ? t('contacts.noneSearchWhy', { q: filters.q })
            : t('contacts.noneWhy')
        }
        action={<Button onClick={onClear}>{t('contacts.clear')}</Button>}
      />
    )
  }
  if (filters.view === 'lost')
    return <EmptyState icon="people" title={t('contacts.lostNone')} why={t('contacts.lostNoneWhy')} />
  return (
    <EmptyState
      icon="people"
      title={t('contacts.emptyTitle')}
      why={t('contacts.emptyWhy')}
      action={
        <span style={{ display: 'flex', gap: 8 }}>
          {mayCreate && (
            <Button type="primary" onClick={() => void navigate('/channels/new')}>
              {t('contacts.toChannels')}
            </Button>
          )}
          {maySync && <Button onClick={() => void navigate('/settings/health')}>{t('contacts.toHealth')}</Button>}
        </span>
      }
    />
  )
}
