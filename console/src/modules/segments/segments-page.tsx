import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './segments.module.css'
import { Templates } from './templates.tsx'

type Segment = Answer<'/api/segments'>['items'][number]
const WATCH_MS = 2_000
export const refreshSegments = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/segments'] })

/** Every segment: how many are in it now, and who came and went. */
export function SegmentsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useCan('segments.write')
  const [q, setQ] = useState('')
  const list = api.useQuery(
    'get',
    '/api/segments',
    {},
    { refetchInterval: ({ state }) => (state.data?.items.some((one) => one.building) ? WATCH_MS : 30_000) },
  )
  const create = mayWrite && (
    <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => void navigate('/segments/new')}>
      {t('segments.create')}
    </Button>
  )
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]}
        title={t('segments.title')}
        meta={list.data && t('segments.meta', { count: list.data.items.length, n: list.data.items.length })}
      >
        {create}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={list} what={t('segments.title')} skeleton={<SkeletonRows rows={6} avatar={false} />}>
          {({ items }) =>
            items.length === 0 ? (
              <>
                <EmptyState
                  icon="filter"
                  title={t('segments.emptyTitle')}
                  why={t('segments.emptyWhy')}
                  action={create || undefined}
                />
                {mayWrite && <Templates onPick={(template) => void navigate(`/segments/new?from=${template}`)} />}
              </>
            ) : (
              <>
                <SearchBox className={styles.search} value={q} placeholder={t('segments.search')} onCommit={setQ} />
                <SegmentRows
                  items={items.filter(({ name, note }) => `${name} ${note}`.includes(q))}
                  mayWrite={mayWrite}
                />
              </>
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function SegmentRows({ items, mayWrite }: { items: Segment[]; mayWrite: boolean }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const columns: Column<Segment>[] = [
    {
      key: 'name',
      title: t('segments.column.name'),
      cell: (row) => (
        <span className={styles.name}>
          <b>{row.name}</b> <span className="quiet">{row.note}</span>
        </span>
      ),
    },
    {
      key: 'members',
      title: t('segments.column.members'),
      width: 130,
      align: 'right',
      cell: (row) => <Members row={row} />,
    },
    {
      key: 'turned',
      title: t('segments.column.turned'),
      width: 140,
      align: 'right',
      cell: (row) =>
        row.entered + row.exited > 0 ? (
          <span className="soft">
            +{count(row.entered)} −{count(row.exited)}
          </span>
        ) : (
          <span className="quiet">—</span>
        ),
    },
    { key: 'by', title: t('segments.column.by'), width: 120, cell: (row) => row.createdBy },
    {
      key: 'at',
      title: t('segments.column.at'),
      width: 120,
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.updatedAt} />
        </span>
      ),
    },
    {
      key: 'act',
      title: t('fields.column.act'),
      width: 64,
      align: 'right',
      cell: (row) => mayWrite && <SegmentMenu row={row} />,
    },
  ]
  return (
    <ListTable
      rows={items}
      columns={columns}
      rowKey={(row) => row.segmentId}
      label={t('segments.title')}
      minWidth={720}
      onOpen={(row) => void navigate(`/segments/${row.segmentId}`)}
      card={(row) => (
        <span className={styles.rowCard}>
          <span>
            <b>{row.name}</b>
            <small className="quiet">{row.note}</small>
          </span>
          <Members row={row} />
        </span>
      )}
    />
  )
}

function Members({ row }: { row: Segment }) {
  const { t, i18n } = useTranslation()
  if (row.failed !== null)
    return (
      <span className={styles.failed} title={row.failed}>
        {t('segments.failed')}
      </span>
    )
  if (row.building && row.members === null)
    return (
      <span className="soft">
        {row.building.total
          ? t('segments.buildingOf', { share: Math.floor((row.building.done / row.building.total) * 100) })
          : t('segments.building')}
      </span>
    )
  return <b>{sayCount(row.members ?? 0, languageOf(i18n))}</b>
}

function SegmentMenu({ row }: { row: Segment }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const { segmentId } = row
  const path = { params: { path: { segmentId } } }
  const restore = api.useMutation('post', '/api/segments/{segmentId}/restore', { onError, onSuccess: refreshSegments })
  const archive = api.useMutation('delete', '/api/segments/{segmentId}', {
    onError,
    onSuccess() {
      void refreshSegments()
      const key = `archived ${segmentId}`
      const undo = () => {
        restore.mutate(path)
        message.destroy(key)
      }
      void message.open({
        key,
        type: 'success',
        duration: 8,
        content: (
          <>
            {t('segments.archived', { name: row.name })}{' '}
            <Button size="small" type="link" onClick={undo}>
              {t('segments.undo')}
            </Button>
          </>
        ),
      })
    },
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps a press on the menu from opening the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button inside takes the keys
    <span onClick={(event) => event.stopPropagation()}>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [{ key: 'archive', danger: true, label: t('segments.archive'), onClick: () => archive.mutate(path) }],
        }}
      >
        <Button
          size="small"
          type="text"
          icon={<Icon name="more" size={16} label={`${row.name} ${t('actions.more')}`} />}
        />
      </Dropdown>
    </span>
  )
}
