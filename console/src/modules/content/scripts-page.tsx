import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Split } from '../../ui/dock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useCan, useSession } from '../staff/session.ts'
import styles from './content.module.css'
import { ScriptDock } from './script-dock.tsx'
import { ScriptRows } from './script-rows.tsx'
import { ShelfList } from './shelf-list.tsx'
import { refreshScripts, type ScriptGroup } from './use-content.ts'

const PAGE = 100
const NEW = 'new'
export type LibraryName = 'corp' | 'own'

/** What staff say: the corp’s scripts, and everybody’s own. */
export function ScriptsPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const keyset = useKeyset()
  const mayOwn = useCan('content.own')
  const hasOwn = useSession().staffId !== null && mayOwn
  const writesCorp = useCan('content.write')
  const library: LibraryName = params.get('library') === 'own' && hasOwn ? 'own' : 'corp'
  const mayWrite = library === 'own' ? hasOwn : writesCorp
  const q = params.get('q') ?? ''
  const group = params.get('group') ?? ''
  const open = params.get('script') ?? undefined
  const groups = useGroups(library)
  const query = {
    ...(q ? { q } : {}),
    ...(group ? { group } : {}),
    ...(keyset.cursor ? { cursor: keyset.cursor } : {}),
    limit: PAGE,
  }
  const corpList = api.useQuery(
    'get',
    '/api/scripts',
    { params: { query } },
    { placeholderData: keepPreviousData, enabled: library === 'corp' },
  )
  const ownList = api.useQuery(
    'get',
    '/api/own-scripts',
    { params: { query } },
    { placeholderData: keepPreviousData, enabled: library === 'own' },
  )
  const list = library === 'own' ? ownList : corpList
  const put = (change: Record<string, string>) => {
    const next = new URLSearchParams(params)
    if (!('script' in change)) next.delete('after')
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name)
    setParams(next, { replace: true })
  }
  const items = list.data?.items ?? []
  const opened = items.find(({ scriptId }) => scriptId === open)
  const at = items.findIndex(({ scriptId }) => scriptId === open)
  const stepTo = (index: number) => (items[index] ? () => put({ script: items[index]?.scriptId ?? '' }) : undefined)
  const make = (
    <Button
      type="primary"
      icon={<Icon name="plus" size={14} />}
      disabled={groups.length === 0}
      onClick={() => put({ script: NEW })}
    >
      {t('content.script.create')}
    </Button>
  )
  const dock = (opened || (open === NEW && groups.length > 0)) && (
    <ScriptDock
      key={opened ? `${opened.scriptId} ${opened.version}` : NEW}
      script={opened}
      library={library}
      groups={groups}
      groupId={group || groups[0]?.scriptGroupId || ''}
      mayWrite={mayWrite}
      onClose={() => put({ script: '' })}
      onStep={opened ? { up: stepTo(at - 1), down: stepTo(at + 1) } : undefined}
    />
  )
  return (
    <Split dock={dock}>
      <div className={styles.full}>
        <PageHeader title={t('content.scripts')} meta={t('content.script.meta')}>
          {mayWrite && make}
        </PageHeader>
        <nav className={styles.tabs} aria-label={t('content.scripts')}>
          {(['corp', 'own'] as const)
            .filter((name) => name === 'corp' || hasOwn)
            .map((name) => (
              <Link
                key={name}
                className={styles.tab}
                to={name === 'own' ? '?library=own' : '?'}
                aria-current={name === library ? 'page' : undefined}
              >
                {t(`content.script.library.${name}`)}
              </Link>
            ))}
          <span className={styles.find}>
            <SearchBox
              value={q}
              placeholder={t('content.script.search')}
              maxLength={60}
              onCommit={(text) => put({ q: text })}
            />
          </span>
        </nav>
        <div className={styles.library}>
          <Groups
            library={library}
            groups={groups}
            chosen={group}
            mayWrite={mayWrite}
            onChoose={(id) => put({ group: id, script: '' })}
          />
          <div className={styles.list}>
            <Loaded query={list} what={t('content.scripts')} skeleton={<SkeletonRows rows={10} avatar={false} />}>
              {({ items: rows, nextCursor }) => {
                if (rows.length > 0)
                  return (
                    <>
                      <ScriptRows
                        rows={rows}
                        library={library}
                        openId={open}
                        orderIn={mayWrite && group && !q && !nextCursor && !keyset.cursor ? group : undefined}
                        onOpen={(scriptId) => put({ script: scriptId })}
                      />
                      {(nextCursor || keyset.cursor) && (
                        <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={rows.length} pageSize={PAGE} />
                      )}
                    </>
                  )
                if (q)
                  return (
                    <EmptyState
                      icon="filter"
                      title={t('content.script.nothing', { q })}
                      action={<Button onClick={() => put({ q: '', group: '' })}>{t('content.clear')}</Button>}
                    />
                  )
                return (
                  <EmptyState
                    icon="message"
                    title={t(groups.length > 0 ? 'content.script.emptyTitle' : 'content.script.noGroup')}
                    why={t(groups.length > 0 ? 'content.script.emptyWhy' : 'content.script.noGroupWhy')}
                    action={mayWrite && groups.length > 0 && make}
                  />
                )
              }}
            </Loaded>
          </div>
        </div>
      </div>
    </Split>
  )
}

function useGroups(library: LibraryName): ScriptGroup[] {
  const corp = api.useQuery('get', '/api/script-groups', {}, { enabled: library === 'corp' })
  const own = api.useQuery('get', '/api/own-script-groups', {}, { enabled: library === 'own' })
  return (library === 'own' ? own : corp).data?.items ?? []
}

function Groups({
  library,
  groups,
  chosen,
  mayWrite,
  onChoose,
}: {
  library: LibraryName
  groups: ScriptGroup[]
  chosen: string
  mayWrite: boolean
  onChoose: (id: string) => void
}) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const done = { onSuccess: refreshScripts }
  const toast = { ...done, onError }
  const corp = {
    create: api.useMutation('post', '/api/script-groups', done),
    edit: api.useMutation('patch', '/api/script-groups/{scriptGroupId}', done),
    remove: api.useMutation('delete', '/api/script-groups/{scriptGroupId}', toast),
    order: api.useMutation('put', '/api/script-groups/order', toast),
  }
  const own = {
    create: api.useMutation('post', '/api/own-script-groups', done),
    edit: api.useMutation('patch', '/api/own-script-groups/{ownScriptGroupId}', done),
    remove: api.useMutation('delete', '/api/own-script-groups/{ownScriptGroupId}', toast),
    order: api.useMutation('put', '/api/own-script-groups/order', toast),
  }
  return (
    <ShelfList
      label={t('content.script.groups')}
      fixed={[{ id: '', name: t('content.folder.all'), count: groups.reduce((sum, { scripts }) => sum + scripts, 0) }]}
      shelves={groups.map(({ scriptGroupId, scripts, ...group }) => ({ ...group, id: scriptGroupId, count: scripts }))}
      chosen={chosen}
      onChoose={onChoose}
      edit={
        mayWrite
          ? {
              scoped: library === 'corp',
              save: (id, body) => {
                if (!id) return (library === 'own' ? own : corp).create.mutateAsync({ body })
                return library === 'own'
                  ? own.edit.mutateAsync({ params: { path: { ownScriptGroupId: id } }, body })
                  : corp.edit.mutateAsync({ params: { path: { scriptGroupId: id } }, body })
              },
              remove: (id) =>
                library === 'own'
                  ? own.remove.mutateAsync({ params: { path: { ownScriptGroupId: id } } })
                  : corp.remove.mutateAsync({ params: { path: { scriptGroupId: id } } }),
              order: (scriptGroupIds) => (library === 'own' ? own : corp).order.mutate({ body: { scriptGroupIds } }),
            }
          : undefined
      }
    />
  )
}
