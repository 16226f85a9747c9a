import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { NewGroup } from './new-group.tsx'
import { TagGroup } from './tag-group.tsx'
import styles from './tags.module.css'
import { countWaiting, type Library, useLibrary, useTagChanges } from './use-tags.ts'

export function TagsPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const library = useLibrary()
  const { sync } = useTagChanges()
  const mayWrite = useCan('tags.write')
  const [adding, setAdding] = useState(false)
  const groups = library.data?.groups
  const startSync = () => sync.mutate({}, { onSuccess: () => void message.success(t('tags.syncStarted')) })
  return (
    <>
      <PageHeader
        title={t('tags.title')}
        meta={
          groups && t('tags.meta', { groups: groups.length, tags: groups.reduce((n, { tags }) => n + tags.length, 0) })
        }
      >
        <Link to="/auto-tags">
          <Button>{t('autoTags.title')}</Button>
        </Link>
        {mayWrite && (
          <>
            <Button icon={<Icon name="refresh" size={14} />} loading={sync.isPending} onClick={startSync}>
              {t('tags.sync')}
            </Button>
            <Button
              type="primary"
              icon={<Icon name="plus" size={14} />}
              disabled={adding}
              onClick={() => setAdding(true)}
            >
              {t('tags.newGroup')}
            </Button>
          </>
        )}
      </PageHeader>
      <div className={styles.page}>
        {adding && <NewGroup onDone={() => setAdding(false)} />}
        <Loaded
          query={library}
          what={t('tags.title')}
          skeleton={
            <Panel edge>
              <SkeletonRows avatar={false} />
            </Panel>
          }
        >
          {(data) =>
            data.groups.length === 0 ? (
              !adding && (
                <Panel edge>
                  <EmptyState
                    icon="tag"
                    title={t('tags.emptyTitle')}
                    why={t('tags.emptyWhy')}
                    action={
                      mayWrite && (
                        <Button type="primary" onClick={startSync} loading={sync.isPending}>
                          {t('tags.sync')}
                        </Button>
                      )
                    }
                  />
                </Panel>
              )
            ) : (
              <Groups library={data} mayWrite={mayWrite} />
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function Groups({ library, mayWrite }: { library: Library; mayWrite: boolean }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const sought = typed.trim().toLowerCase()
  const waiting = countWaiting(library)
  const found = library.groups
    .map((group) => ({
      group,
      tags: group.name.toLowerCase().includes(sought)
        ? group.tags
        : group.tags.filter(({ name }) => name.toLowerCase().includes(sought)),
    }))
    .filter(({ tags }) => sought === '' || tags.length > 0)
  const groupIds = library.groups.map(({ tagGroupId }) => tagGroupId)
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className={styles.strip}>
        {waiting === 0 && library.pairsWaiting === 0 && <span>{t('tags.allIn')}</span>}
        {waiting > 0 && <span className="warn">{t('tags.tagsWaiting', { count: waiting })}</span>}
        {library.pairsWaiting > 0 && <span>{t('tags.pairsWaiting', { n: library.pairsWaiting })}</span>}
        <Input
          className={styles.find}
          allowClear
          prefix={<Icon name="search" size={14} />}
          placeholder={t('tags.find')}
          aria-label={t('tags.find')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {found.map(({ group, tags }) => (
        <TagGroup key={group.tagGroupId} group={group} shown={tags} groupIds={groupIds} mayWrite={mayWrite} />
      ))}
      {found.length === 0 && (
        <Panel edge>
          <EmptyState
            icon="tag"
            title={t('tags.none', { q: typed.trim() })}
            action={<Button onClick={() => setTyped('')}>{t('contacts.clear')}</Button>}
          />
        </Panel>
      )}
    </div>
  )
}
