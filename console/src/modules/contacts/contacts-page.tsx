import { keepPreviousData } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Split } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { ProvenanceLegend } from '../../ui/tag-chip.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import { BulkStrip } from '../tags/bulk-strip.tsx'
import { ContactRows } from './contact-rows.tsx'
import styles from './contacts.module.css'
import { ExportButton } from './export-button.tsx'
import { FilterBar } from './filter-bar.tsx'
import { changeFilters, countConditions, type Filters, readFilters, toQuery } from './filters.ts'
import { FollowList } from './follow-list.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { ProfileDock } from './profile-dock.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useNeighbours } from './use-neighbours.ts'
import { useSelection } from './use-selection.ts'
import { ViewTabs } from './view-tabs.tsx'

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
  const byFollow = params.get('by') === 'follow'
  const asked = toQuery(filters)
  const list = api.useQuery(
    'get',
    '/api/contacts',
    { params: { query: { ...asked, cursor: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData, enabled: !byFollow },
  )
  // Counting reads more than a page does: the page does not wait for it.
  const count = api.useQuery('get', byFollow ? '/api/follows/count' : '/api/contacts/count', {
    params: { query: asked },
  })
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
    t(`contacts.${count.data.isFloor ? 'totalFloor' : 'total'}${byFollow ? 'Follows' : ''}`, {
      n: sayCount(count.data.total, languageOf(i18n)),
    })
  const dock = openId && (
    <ProfileDock
      contactId={openId}
      search={changeFilters(params, {}).toString()}
      onClose={() => open(undefined)}
      onStep={{ up: neighbour(-1), down: neighbour(1) }}
      head={
        at >= 0 && keyset.turned !== undefined && list.data ? (
          <span className="soft small">
            {t('contacts.positionOf', { n: keyset.turned * PAGE + at + 1, total: total ?? '' })}
          </span>
        ) : undefined
      }
    />
  )
  return (
    <Split dock={dock}>
      <PageHeader title={t('contacts.title')} meta={total}>
        <Segmented
          aria-label={t('contacts.by.label')}
          value={byFollow ? 'follow' : 'contact'}
          options={(['contact', 'follow'] as const).map((value) => ({ value, label: t(`contacts.by.${value}`) }))}
          onChange={(by) => {
            const next = changeFilters(params, {})
            by === 'follow' ? next.set('by', by) : next.delete('by')
            setParams(next)
          }}
        />
        {mayExport && !byFollow && <ExportButton query={asked} />}
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
        {byFollow ? (
          <FollowList query={asked} total={total} openId={openId} onOpen={open} />
        ) : (
          <Loaded query={list} what={t('contacts.list')} skeleton={<SkeletonRows rows={16} />}>
            {(page) =>
              page.items.length === 0 ? (
                <NoContacts
                  filters={filters}
                  onClear={() => setParams(changeFilters(new URLSearchParams(), { view: filters.view }))}
                />
              ) : (
                <>
                  <ContactRows
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
        )}
        {mayTag && !byFollow && (
          <div className={styles.floats}>
            <BulkStrip />
            <SelectionBar selection={selection} query={asked} count={count.data} total={total} />
          </div>
        )}
      </div>
    </Split>
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
