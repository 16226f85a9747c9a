import { keepPreviousData } from '@tanstack/react-query'
import { Button, Dropdown, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SearchBox } from '../../ui/search-box.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { useCan } from '../staff/session.ts'
import { ApprovalSwitch } from './approval-switch.tsx'
import styles from './content.module.css'
import { ImportDialog } from './import-dialog.tsx'
import { MaterialRows } from './material-rows.tsx'
import { MaterialStrip } from './material-strip.tsx'
import { QuotaButton } from './quota-dialog.tsx'
import { ShelfList } from './shelf-list.tsx'
import { KINDS, type Kind, refreshMaterials, STATES, useFolders } from './use-content.ts'

const PAGE = 50

export function MaterialsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const keyset = useKeyset()
  const mayWrite = useCan('content.write')
  const [importing, setImporting] = useState(false)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const folders = useFolders()
  const q = params.get('q') ?? ''
  const folder = params.get('folder') ?? ''
  const kinds = (params.get('kinds') ?? '').split(',').filter((kind): kind is Kind => KINDS.some((one) => one === kind))
  const label = params.get('label') ?? ''
  const state = ([...STATES, 'open'] as const).find((one) => one === params.get('state'))
  const order = params.get('order') === 'used' ? 'used' : 'newest'
  const list = api.useQuery(
    'get',
    '/api/materials',
    {
      params: {
        query: {
          ...(q ? { q } : {}),
          ...(folder ? { folder } : {}),
          ...(kinds.length > 0 ? { kinds: kinds.join(',') } : {}),
          ...(label ? { label } : {}),
          ...(state ? { state } : {}),
          order,
          ...(keyset.cursor ? { cursor: keyset.cursor } : {}),
          limit: PAGE,
        },
      },
    },
    { placeholderData: keepPreviousData },
  )
  const put = (change: Record<string, string>) => {
    const next = new URLSearchParams(params)
    next.delete('after')
    for (const [name, value] of Object.entries(change)) value ? next.set(name, value) : next.delete(name)
    setPicked(new Set())
    setParams(next, { replace: true })
  }
  const filtered = q !== '' || kinds.length > 0 || label !== '' || state !== undefined
  const toggle = (keys: string[], on: boolean) => {
    const next = new Set(picked)
    for (const key of keys) on ? next.add(key) : next.delete(key)
    setPicked(next)
  }
  const make = (
    <Dropdown
      trigger={['click']}
      menu={{
        items: KINDS.map((kind) => ({ key: kind, label: t(`content.kind.${kind}`) })),
        onClick: ({ key }) =>
          void navigate(`/content/materials/new?kind=${key}${folder && folder !== 'none' ? `&folder=${folder}` : ''}`),
      }}
    >
      <Button type="primary" icon={<Icon name="plus" size={14} />}>
        {t('content.create')}
      </Button>
    </Dropdown>
  )
  const choose = (value: string) => {
    if (value === 'open') put({ folder: '', state: 'open' })
    else put({ folder: value, ...(state === 'open' ? { state: '' } : {}) })
  }
  return (
    <div className={styles.full}>
      <PageHeader
        title={t('content.materials')}
        meta={folders.data && t('content.count', { count: folders.data.total })}
      >
        <QuotaButton />
        <ApprovalSwitch />
        {mayWrite && <Button onClick={() => setImporting(true)}>{t('content.import.action')}</Button>}
        {mayWrite && make}
      </PageHeader>
      <div className={styles.library}>
        <Folders chosen={state === 'open' ? 'open' : folder} onChoose={choose} />
        <div className={styles.main}>
          <div className={styles.filters}>
            <span className={styles.find}>
              <SearchBox
                value={q}
                placeholder={t('content.search')}
                maxLength={60}
                onCommit={(text) => put({ q: text })}
              />
            </span>
            <FilterChip
              label={t('content.field.kind')}
              value={kinds.length > 0 ? kinds.map((kind) => t(`content.kind.${kind}`)).join('、') : undefined}
              onClear={() => put({ kinds: '' })}
            >
              {() => (
                <ChoiceList
                  label={t('content.field.kind')}
                  searchFrom={99}
                  choices={KINDS.map((value) => ({ value, label: t(`content.kind.${value}`) }))}
                  chosen={kinds}
                  onChoose={(kind) =>
                    put({
                      kinds: (kinds.some((one) => one === kind)
                        ? kinds.filter((one) => one !== kind)
                        : [...kinds, kind]
                      ).join(','),
                    })
                  }
                />
              )}
            </FilterChip>
            <FilterChip label={t('content.field.label')} value={label || undefined} onClear={() => put({ label: '' })}>
              {(close) => (
                <ChoiceList
                  label={t('content.field.label')}
                  choices={(folders.data?.labels ?? []).map((value) => ({ value, label: value }))}
                  chosen={label ? [label] : []}
                  onChoose={(value) => {
                    put({ label: value === label ? '' : value })
                    close()
                  }}
                />
              )}
            </FilterChip>
            {mayWrite && (
              <FilterChip
                label={t('content.field.state')}
                value={state && t(`content.state.${state}`)}
                onClear={() => put({ state: '' })}
              >
                {(close) => (
                  <ChoiceList
                    label={t('content.field.state')}
                    searchFrom={99}
                    choices={STATES.map((value) => ({ value, label: t(`content.state.${value}`) }))}
                    chosen={state ? [state] : []}
                    onChoose={(value) => {
                      put({ state: value })
                      close()
                    }}
                  />
                )}
              </FilterChip>
            )}
            <span className="spring" />
            <Select
              variant="borderless"
              popupMatchSelectWidth={false}
              aria-label={t('content.order.label')}
              value={order}
              options={(['newest', 'used'] as const).map((value) => ({ value, label: t(`content.order.${value}`) }))}
              onChange={(next) => put({ order: next === 'used' ? next : '' })}
            />
          </div>
          <div className={styles.list}>
            <Loaded query={list} what={t('content.materials')} skeleton={<SkeletonRows rows={12} />}>
              {({ items, nextCursor }) => {
                if (items.length > 0)
                  return (
                    <>
                      <MaterialRows
                        rows={items}
                        selection={mayWrite ? { keys: picked, onToggle: toggle } : undefined}
                        onOpen={(id) => void navigate(`/content/materials/${id}`)}
                      />
                      <KeysetFooter keyset={keyset} nextCursor={nextCursor} shown={items.length} pageSize={PAGE} />
                    </>
                  )
                if (filtered)
                  return (
                    <EmptyState
                      icon="filter"
                      title={t('content.nothing')}
                      action={
                        <Button onClick={() => put({ q: '', kinds: '', label: '', state: '' })}>
                          {t('content.clear')}
                        </Button>
                      }
                    />
                  )
                return (
                  <EmptyState
                    icon="image"
                    title={t('content.emptyTitle')}
                    why={t('content.emptyWhy')}
                    action={mayWrite && make}
                  />
                )
              }}
            </Loaded>
          </div>
        </div>
      </div>
      {mayWrite && (
        <MaterialStrip picked={picked} folders={folders.data?.folders ?? []} onClear={() => setPicked(new Set())} />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  )
}

function Folders({ chosen, onChoose }: { chosen: string; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const mayWrite = useCan('content.write')
  const onError = useProblemToast()
  const { data } = useFolders()
  const done = { onSuccess: refreshMaterials }
  const create = api.useMutation('post', '/api/material-folders', done)
  const edit = api.useMutation('patch', '/api/material-folders/{folderId}', done)
  const remove = api.useMutation('delete', '/api/material-folders/{folderId}', { ...done, onError })
  const order = api.useMutation('put', '/api/material-folders/order', { ...done, onError })
  return (
    <ShelfList
      label={t('content.settings.folder')}
      fixed={[
        { id: '', name: t('content.folder.all'), count: data?.total ?? 0 },
        ...(data && data.waiting > 0 && mayWrite
          ? [{ id: 'open', name: t('content.folder.waiting'), count: data.waiting }]
          : []),
        { id: 'none', name: t('content.folder.none'), count: data?.loose ?? 0 },
      ]}
      shelves={(data?.folders ?? []).map(({ folderId, materials, ...folder }) => ({
        ...folder,
        id: folderId,
        count: materials,
      }))}
      chosen={chosen}
      onChoose={onChoose}
      edit={
        mayWrite
          ? {
              scoped: true,
              save: (folderId, body) =>
                folderId ? edit.mutateAsync({ params: { path: { folderId } }, body }) : create.mutateAsync({ body }),
              remove: (folderId) => remove.mutateAsync({ params: { path: { folderId } } }),
              order: (folderIds) => order.mutate({ body: { folderIds } }),
            }
          : undefined
      }
    />
  )
}
