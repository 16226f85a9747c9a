import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { Split } from '../../ui/dock.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import contacts from '../contacts/contacts.module.css'
import { ProfileDock } from '../contacts/profile-dock.tsx'
import { useCan } from '../staff/session.ts'
import { TaskDialog } from './task-dialog.tsx'
import { TaskRows } from './task-rows.tsx'
import { WorkCards } from './work-cards.tsx'

const PAGE = 50
const STAFF_MAX = 200
const VIEWS = ['open', 'today', 'late', 'ended'] as const
type View = (typeof VIEWS)[number]
const ID = /^[1-9]\d{0,17}$/

/** What is to be done, by whom and by when; and the cards that ask it of many. */
export function TasksPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const [writing, setWriting] = useState(false)
  const mayWrite = useCan('tasks.write')
  const cards = params.get('view') === 'cards'
  const openId = params.get('id') ?? undefined
  const change = (to: Record<string, string | undefined>, replace = false) => {
    const next = new URLSearchParams(params)
    next.delete('after')
    for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name)
    setParams(next, { replace })
  }
  const dock = openId && !cards && <ProfileDock contactId={openId} onClose={() => change({ id: undefined }, true)} />
  return (
    <Split dock={dock}>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('tasks.title')}>
        {mayWrite && (
          <Button type="primary" onClick={() => setWriting(true)}>
            {t('tasks.new')}
          </Button>
        )}
      </PageHeader>
      <TaskTabs view={cards ? 'cards' : viewOf(params)} staffId={staffOf(params)} />
      {cards ? (
        <WorkCards openId={params.get('card') ?? undefined} onOpen={(id) => change({ card: id }, true)} />
      ) : (
        <TaskList onChange={change} onNew={mayWrite ? () => setWriting(true) : undefined} />
      )}
      {writing && <TaskDialog onClose={() => setWriting(false)} />}
    </Split>
  )
}

const viewOf = (params: URLSearchParams): View => VIEWS.find((one) => one === params.get('view')) ?? 'open'
const staffOf = (params: URLSearchParams) => {
  const id = params.get('staff')
  return id && ID.test(id) ? id : undefined
}

function TaskTabs({ view, staffId }: { view: View | 'cards'; staffId: string | undefined }) {
  const { t, i18n } = useTranslation()
  const counts = api.useQuery(
    'get',
    '/api/tasks/counts',
    { params: { query: staffId ? { staffId } : {} } },
    { refetchInterval: 60_000 },
  )
  const say = (name: View | 'cards') => {
    const n = name === 'ended' || name === 'cards' ? undefined : counts.data?.[name]
    return n === undefined ? '' : `${sayCount(n, languageOf(i18n))}${n >= (counts.data?.most ?? Infinity) ? '+' : ''}`
  }
  return (
    <nav className={contacts.tabs} aria-label={t('tasks.title')}>
      {([...VIEWS, 'cards'] as const).map((name) => (
        <Link
          key={name}
          className={contacts.tab}
          to={{ search: new URLSearchParams({ view: name, ...(staffId ? { staff: staffId } : {}) }).toString() }}
          aria-current={view === name ? 'page' : undefined}
        >
          {t(`tasks.view.${name}`)}
          <small>{say(name)}</small>
        </Link>
      ))}
    </nav>
  )
}

interface ListProps {
  onChange: (to: Record<string, string | undefined>, replace?: boolean) => void
  onNew: (() => void) | undefined
}

function TaskList({ onChange, onNew }: ListProps) {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const keyset = useKeyset()
  const [view, staffId, q] = [viewOf(params), staffOf(params), params.get('q') ?? undefined]
  const list = api.useQuery(
    'get',
    '/api/tasks',
    { params: { query: { view, staffId, q, after: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const people = staff.data?.items.map((one) => ({ value: one.staffId, label: one.name })) ?? []
  const narrowed = staffId !== undefined || q !== undefined
  const empty = (
    <EmptyState
      icon="check"
      title={t(narrowed ? 'tasks.noneFiltered' : `tasks.none.${view}`)}
      why={narrowed || view === 'ended' ? undefined : t('tasks.noneWhy')}
      action={
        narrowed ? (
          <Button onClick={() => onChange({ staff: undefined, q: undefined })}>{t('tasks.clear')}</Button>
        ) : (
          onNew && view !== 'ended' && <Button onClick={onNew}>{t('tasks.new')}</Button>
        )
      }
    />
  )
  return (
    <>
      <div className={contacts.filters}>
        <SearchBox
          className={contacts.search}
          value={q ?? ''}
          placeholder={t('tasks.search')}
          maxLength={40}
          onCommit={(text) => onChange({ q: text || undefined }, true)}
        />
        {people.length > 1 && (
          <FilterChip
            label={t('tasks.who')}
            value={staffId && (people.find((one) => one.value === staffId)?.label ?? '…')}
            onClear={() => onChange({ staff: undefined })}
          >
            {(close) => (
              <ChoiceList
                label={t('tasks.who')}
                choices={people}
                chosen={staffId ? [staffId] : []}
                onChoose={(id) => {
                  onChange({ staff: id })
                  close()
                }}
              />
            )}
          </FilterChip>
        )}
      </div>
      <div className={contacts.list}>
        <Loaded query={list} what={t('tasks.title')} skeleton={<SkeletonRows rows={10} />}>
          {(page) =>
            page.items.length === 0 ? (
              empty
            ) : (
              <>
                <TaskRows
                  rows={page.items}
                  openId={params.get('id') ?? undefined}
                  onOpen={(id) => onChange({ id }, params.has('id'))}
                />
                <KeysetFooter
                  keyset={keyset}
                  nextCursor={page.nextCursor}
                  shown={page.items.length}
                  pageSize={PAGE}
                  legend={t('tasks.legend')}
                />
              </>
            )
          }
        </Loaded>
      </div>
    </>
  )
}
