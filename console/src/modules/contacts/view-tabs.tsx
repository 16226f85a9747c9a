import { App, Button, Checkbox, Dropdown, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { Float } from '../../ui/float.tsx'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './contacts.module.css'
import {
  changeFilters,
  countConditions,
  readFilters,
  sameFilter,
  type toQuery,
  toViewFilter,
  VIEWS,
  viewSearch,
} from './filters.ts'

type SavedView = Answer<'/api/contact-views'>[number]
type Query = ReturnType<typeof toQuery>

const COUNT_FRESH_MS = 30_000
const NAME_MAX = 20
const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/contact-views'] })

/** The three lists everybody has, then one's own views and the shared ones, each with its count. */
export function ViewTabs() {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const filters = readFilters(params)
  const views = api.useQuery('get', '/api/contact-views', {})
  const mayWrite = useCan('contacts.write')
  const active = views.data?.find(({ contactViewId }) => contactViewId === params.get('saved'))
  const filter = toViewFilter(filters)
  const differs = active ? !sameFilter(active.filter, filter) : countConditions(filters) > 0
  // From a saved view back to a plain list: its conditions stay behind. Between the plain lists they are kept.
  const plain = (view: (typeof VIEWS)[number]) =>
    changeFilters(active ? new URLSearchParams() : params, { view }).toString()
  return (
    <nav className={styles.tabs} aria-label={t('contacts.title')}>
      {VIEWS.map((view) => (
        <Link
          key={view}
          className={styles.tab}
          to={{ search: plain(view) }}
          aria-current={!active && view === filters.view ? 'page' : undefined}
        >
          {t(`contacts.view.${view}`)}
          <Count query={{ state: view }} />
        </Link>
      ))}
      {views.data?.map((view) => (
        <span key={view.contactViewId} className={styles.saved}>
          <Link
            className={styles.tab}
            to={{ search: viewSearch(view.contactViewId, view.filter).toString() }}
            aria-current={view === active ? 'page' : undefined}
            title={view.owner ? t('views.sharedBy', { name: view.owner }) : view.name}
          >
            {view.name}
            <Count query={view.filter as Query} />
          </Link>
          {view === active && mayWrite && <ViewMenu view={view} all={views.data} />}
        </span>
      ))}
      {differs && mayWrite && active?.mine && <UpdateView view={active} filter={filter} />}
      {differs && mayWrite && <SaveView filter={filter} />}
    </nav>
  )
}

function Count({ query }: { query: Query }) {
  const { i18n } = useTranslation()
  const count = api.useQuery(
    'get',
    '/api/contacts/count',
    { params: { query } },
    { staleTime: COUNT_FRESH_MS, refetchInterval: COUNT_FRESH_MS * 2 },
  )
  if (!count.data) return null
  return (
    <small>
      {sayCount(count.data.total, languageOf(i18n))}
      {count.data.isFloor && '+'}
    </small>
  )
}

function SaveView({ filter }: { filter: Record<string, string> }) {
  const { t } = useTranslation()
  const [, setParams] = useSearchParams()
  const [open, setOpen] = useState(false)
  const onError = useProblemToast()
  const create = api.useMutation('post', '/api/contact-views', {
    onError,
    onSuccess(view) {
      setOpen(false)
      void refresh()
      setParams(viewSearch(view.contactViewId, view.filter))
    },
  })
  return (
    <Float
      open={open}
      onOpenChange={setOpen}
      label={t('views.save')}
      content={<ViewForm busy={create.isPending} onSave={(given) => create.mutate({ body: { ...given, filter } })} />}
    >
      <button type="button" className={styles.saveView}>
        <Icon name="plus" size={12} />
        {t('views.save')}
      </button>
    </Float>
  )
}

function ViewForm({
  initial,
  busy,
  onSave,
}: {
  initial?: SavedView
  busy: boolean
  onSave: (given: { name: string; shared: boolean }) => void
}) {
  const { t } = useTranslation()
  const [name, setName] = useState(initial?.name ?? '')
  const [shared, setShared] = useState(initial?.shared ?? false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) onSave({ name: name.trim(), shared })
  }
  return (
    <form className={styles.viewForm} onSubmit={submit}>
      <Input
        autoFocus
        maxLength={NAME_MAX}
        placeholder={t('views.name')}
        aria-label={t('views.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Checkbox checked={shared} onChange={({ target }) => setShared(target.checked)}>
        {t('views.share')}
      </Checkbox>
      <Button type="primary" htmlType="submit" block loading={busy} disabled={name.trim() === ''}>
        {t('actions.save')}
      </Button>
    </form>
  )
}

function useEditView() {
  const onError = useProblemToast()
  return api.useMutation('patch', '/api/contact-views/{contactViewId}', { onError, onSuccess: refresh })
}

function UpdateView({ view, filter }: { view: SavedView; filter: Record<string, string> }) {
  const { t } = useTranslation()
  const edit = useEditView()
  return (
    <button
      type="button"
      className={styles.saveView}
      disabled={edit.isPending}
      onClick={() => edit.mutate({ params: { path: { contactViewId: view.contactViewId } }, body: { filter } })}
    >
      <Icon name="check" size={12} />
      {t('views.update', { name: view.name })}
    </button>
  )
}

/** Rename, share, move, delete: only one's own; an administrator also takes away a shared one. */
function ViewMenu({ view, all }: { view: SavedView; all: SavedView[] }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const [, setParams] = useSearchParams()
  const [editing, setEditing] = useState(false)
  const isAdmin = useCan('staff.write')
  const onError = useProblemToast()
  const params = { params: { path: { contactViewId: view.contactViewId } } }
  const edit = useEditView()
  const order = api.useMutation('put', '/api/contact-views/order', { onError, onSuccess: refresh })
  const remove = api.useMutation('delete', '/api/contact-views/{contactViewId}', {
    onError,
    onSuccess() {
      void refresh()
      setParams(new URLSearchParams())
    },
  })
  const own = all.filter(({ mine }) => mine).map(({ contactViewId }) => contactViewId)
  const place = own.indexOf(view.contactViewId)
  const move = (step: number) => {
    const next = own.toSpliced(place, 1).toSpliced(place + step, 0, view.contactViewId)
    order.mutate({ body: { contactViewIds: next } })
  }
  const ask = () =>
    void modal.confirm({
      title: t('views.deleteTitle', { name: view.name }),
      content: t(view.shared ? 'views.deleteSharedWhy' : 'views.deleteWhy'),
      okText: t('views.delete'),
      cancelText: t('views.keep'),
      onOk: () => remove.mutate(params),
    })
  if (!view.mine && !isAdmin) return null
  const mine = [
    { key: 'edit', label: t('views.edit'), onClick: () => setEditing(true) },
    { key: 'left', label: t('views.left'), disabled: place <= 0, onClick: () => move(-1) },
    { key: 'right', label: t('views.right'), disabled: place >= own.length - 1, onClick: () => move(1) },
  ]
  const items = [...(view.mine ? mine : []), { key: 'delete', label: t('views.delete'), danger: true, onClick: ask }]
  const button = (
    <button type="button" className={styles.viewMenu} aria-label={t('views.menu', { name: view.name })}>
      <Icon name="more" size={14} />
    </button>
  )
  if (editing)
    return (
      <Float
        open
        onOpenChange={setEditing}
        label={t('views.edit')}
        content={
          <ViewForm
            initial={view}
            busy={edit.isPending}
            onSave={(body) => edit.mutate({ ...params, body }, { onSuccess: () => setEditing(false) })}
          />
        }
      >
        {button}
      </Float>
    )
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      {button}
    </Dropdown>
  )
}
