import { keepPreviousData } from '@tanstack/react-query'
import { App, Button, Dropdown, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useIsPhone } from '../../ui/use-media.ts'
import { useCan } from '../staff/session.ts'
import styles from './channels.module.css'
import { CodeStrip } from './code-strip.tsx'
import { CodeTable } from './code-table.tsx'
import { PrintButton, StatsButton } from './downloads.tsx'

const PAGE = 50
const VIEWS = ['active', 'archived'] as const
type View = (typeof VIEWS)[number]
/** While a code of the page is being made. */
const MAKING_EVERY_MS = 3_000

/** Codes made in WeCom before us can be listed here, with their friends counted from now on. */
function useAdopt() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  return api.useMutation('post', '/api/channel-codes/adopt', {
    onError,
    onSuccess() {
      void message.success(t('channels.adopting'))
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/channel-codes'] })
    },
  })
}

export function ChannelsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const keyset = useKeyset()
  const mayWrite = useCan('channels.write')
  const phone = useIsPhone()
  const adopt = useAdopt()
  const view: View = params.get('state') === 'archived' ? 'archived' : 'active'
  const search = params.get('q')?.trim().slice(0, 30) ?? ''
  const group = params.get('group')?.slice(0, 30) ?? ''
  const list = api.useQuery(
    'get',
    '/api/channel-codes',
    {
      params: {
        query: {
          archived: view === 'archived' ? '1' : '0',
          search: search || undefined,
          group: group || undefined,
          before: keyset.cursor,
          limit: PAGE,
        },
      },
    },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ status, updating }) => status === 'creating' || updating) ? MAKING_EVERY_MS : false,
    },
  )
  const groups = api.useQuery('get', '/api/channel-codes/groups', {})
  const linkOf = (to: { view?: View; q?: string; group?: string }) => {
    const next = new URLSearchParams()
    if ((to.view ?? view) === 'archived') next.set('state', 'archived')
    if (to.q ?? search) next.set('q', to.q ?? search)
    if (to.group ?? group) next.set('group', to.group ?? group)
    return next
  }
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const toggle = (keys: string[], on: boolean) => {
    const next = new Set(picked)
    for (const key of keys) on ? next.add(key) : next.delete(key)
    setPicked(next)
  }
  const begin = mayWrite && (
    <span style={{ display: 'flex', gap: 8 }}>
      <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/channels/new')}>
        {t('channels.first')}
      </Button>
      <Button loading={adopt.isPending} onClick={() => adopt.mutate({})}>
        {t('channels.adopt')}
      </Button>
    </span>
  )
  return (
    <div className={styles.full}>
      <PageHeader title={t('channels.title')} meta={t('channels.last7')}>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              {
                key: 'compare',
                label: t('channels.compared.title'),
                onClick: () => void navigate(`/channels/compare${group ? `?group=${encodeURIComponent(group)}` : ''}`),
              },
              ...(phone
                ? [
                    {
                      key: 'welcome',
                      label: t('channels.defaultWelcome'),
                      onClick: () => void navigate('/channels/welcome'),
                    },
                  ]
                : []),
              { key: 'batches', label: t('channels.batch.list'), onClick: () => void navigate('/channels/batches') },
              ...(mayWrite ? [{ key: 'adopt', label: t('channels.adopt'), onClick: () => adopt.mutate({}) }] : []),
            ],
          }}
        >
          <Button icon={<Icon name="more" size={16} label={t('actions.more')} />} loading={adopt.isPending} />
        </Dropdown>
        {group && <PrintButton of={{ group }} />}
        {!phone && (
          <>
            <StatsButton of={group ? { groups: [group] } : {}} />
            <Button onClick={() => void navigate('/channels/welcome')}>{t('channels.defaultWelcome')}</Button>
          </>
        )}
        {mayWrite && (
          <Button onClick={() => void navigate('/channels/batches/new')}>{t('channels.batch.action')}</Button>
        )}
        {mayWrite && (
          <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/channels/new')}>
            {t('channels.create')}
          </Button>
        )}
      </PageHeader>
      <nav className={styles.tabs} aria-label={t('channels.title')}>
        {VIEWS.map((name) => (
          <Link
            key={name}
            className={styles.tab}
            to={{ search: linkOf({ view: name }).toString() }}
            aria-current={name === view ? 'page' : undefined}
          >
            {t(`channels.view.${name}`)}
          </Link>
        ))}
        {groups.data && groups.data.length > 0 && (
          <Select
            variant="borderless"
            style={{ marginLeft: 'auto' }}
            popupMatchSelectWidth={false}
            aria-label={t('channels.group')}
            value={group}
            options={[
              { value: '', label: t('channels.groupAll') },
              ...groups.data.map(({ name, codes }) => ({ value: name, label: `${name} ${codes}` })),
            ]}
            onChange={(next) => setParams(linkOf({ group: next }), { replace: true })}
          />
        )}
        <span className={styles.find} style={groups.data?.length ? { marginLeft: 0 } : undefined}>
          <SearchBox
            value={search}
            placeholder={t('channels.search')}
            maxLength={30}
            onCommit={(q) => setParams(linkOf({ q }), { replace: true })}
          />
        </span>
      </nav>
      <div className={styles.list}>
        <Loaded query={list} what={t('channels.list')} skeleton={<SkeletonRows rows={12} avatar={false} />}>
          {({ items, nextCursor }) => {
            if (items.length > 0)
              return (
                <>
                  <CodeTable
                    rows={items}
                    selection={{ keys: picked, onToggle: toggle }}
                    onOpen={(id) => void navigate(`/channels/${id}`)}
                  />
                  <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
                </>
              )
            if (search || group)
              return (
                <EmptyState
                  icon="filter"
                  title={t('channels.noneTitle', { q: search || group })}
                  action={
                    <Button onClick={() => setParams(linkOf({ q: '', group: '' }))}>{t('channels.clear')}</Button>
                  }
                />
              )
            if (view === 'archived')
              return (
                <EmptyState icon="archive" title={t('channels.archivedNone')} why={t('channels.archivedNoneWhy')} />
              )
            return <EmptyState icon="qr" title={t('channels.emptyTitle')} why={t('channels.emptyWhy')} action={begin} />
          }}
        </Loaded>
      </div>
      <CodeStrip picked={picked} onClear={() => setPicked(new Set())} />
    </div>
  )
}
