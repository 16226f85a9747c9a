import { keepPreviousData } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { useNow } from '../../ui/clock.ts'
import { Split } from '../../ui/dock.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useKeyset } from '../../ui/keyset.ts'
import { KeysetFooter } from '../../ui/keyset-footer.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { ProvenanceLegend, TagRow } from '../../ui/tag-chip.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayDay, shanghaiDay } from '../../ui/time-words.ts'
import styles from './contacts.module.css'
import { LossAlert } from './loss-alert.tsx'
import { ProfileDock } from './profile-dock.tsx'

type Row = Answer<'/api/losses'>['items'][number]
const PAGE = 50
const STAFF_MAX = 200
const DAY_MS = 86_400_000
const BY = ['customer', 'staff', 'transfer', 'unknown'] as const
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const ID = /^[1-9]\d{0,17}$/

interface Asked {
  by: (typeof BY)[number] | undefined
  staffId: string | undefined
  from: string | undefined
  to: string | undefined
}

function readAsked(params: URLSearchParams): Asked {
  const kept = (name: string, shape: RegExp) => {
    const value = params.get(name)
    return value !== null && shape.test(value) ? value : undefined
  }
  return {
    by: BY.find((one) => one === params.get('by')),
    staffId: kept('staff', ID),
    from: kept('from', DAY),
    to: kept('to', DAY),
  }
}

/** Every friendship that ended: who ended it, after how long, where he had come from. */
export function LossesPage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const asked = readAsked(params)
  const keyset = useKeyset()
  const openId = params.get('id') ?? undefined
  const list = api.useQuery(
    'get',
    '/api/losses',
    { params: { query: { ...asked, before: keyset.cursor, limit: PAGE } } },
    { placeholderData: keepPreviousData },
  )
  const change = (to: Record<string, string | undefined>) => {
    const next = new URLSearchParams(params)
    for (const name of ['after', 'id']) next.delete(name)
    for (const [name, value] of Object.entries(to)) value ? next.set(name, value) : next.delete(name)
    setParams(next)
  }
  const open = (id: string | undefined) => {
    const next = new URLSearchParams(params)
    id ? next.set('id', id) : next.delete('id')
    setParams(next, { replace: openId !== undefined, state: window.history.state?.usr })
  }
  const set = Object.values(asked).some((value) => value !== undefined)
  const empty = (
    <EmptyState
      icon="personLost"
      title={t(set ? 'losses.noneFiltered' : 'losses.none')}
      why={set ? undefined : t('losses.noneWhy')}
      action={set && <Button onClick={() => setParams(new URLSearchParams())}>{t('losses.clear')}</Button>}
    />
  )
  const dock = openId && <ProfileDock contactId={openId} onClose={() => open(undefined)} />
  return (
    <Split dock={dock}>
      <PageHeader crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]} title={t('losses.title')}>
        <LossAlert />
      </PageHeader>
      <LossFilters asked={asked} onChange={change} />
      <div className={styles.list}>
        <Loaded query={list} what={t('losses.title')} skeleton={<SkeletonRows rows={12} />}>
          {(page) =>
            page.items.length === 0 ? (
              empty
            ) : (
              <>
                <LossRows rows={page.items} openId={openId} onOpen={open} />
                <KeysetFooter
                  keyset={keyset}
                  nextCursor={page.nextCursor}
                  shown={page.items.length}
                  pageSize={PAGE}
                  legend={<ProvenanceLegend />}
                />
              </>
            )
          }
        </Loaded>
      </div>
    </Split>
  )
}

function LossFilters({
  asked,
  onChange,
}: {
  asked: Asked
  onChange: (to: Record<string, string | undefined>) => void
}) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const people = staff.data?.items.map(({ staffId, name }) => ({ value: staffId, label: name })) ?? []
  const today = shanghaiDay(now)
  const since = (days: number) => shanghaiDay(new Date(now.getTime() - (days - 1) * DAY_MS))
  const periods = [
    { word: 'today', from: today },
    { word: 'week', from: since(7) },
    { word: 'month', from: since(30) },
  ] as const
  const preset = periods.find(({ from }) => from === asked.from && asked.to === today)
  const say = (day: string | undefined) =>
    day ? sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n)) : '…'
  const period = preset
    ? t(`losses.periods.${preset.word}`)
    : (asked.from ?? asked.to) && t('losses.range', { from: say(asked.from), to: say(asked.to) })
  const pick = (label: string, choices: { value: string; label: string }[], name: 'by' | 'staff', value?: string) => (
    <FilterChip
      label={label}
      value={value && (choices.find((choice) => choice.value === value)?.label ?? '…')}
      onClear={() => onChange({ [name]: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={label}
          choices={choices}
          chosen={value ? [value] : []}
          onChoose={(id) => {
            onChange({ [name]: id })
            close()
          }}
        />
      )}
    </FilterChip>
  )
  return (
    <div className={styles.filters}>
      {pick(
        t('losses.who'),
        BY.map((value) => ({ value, label: t(`losses.by.${value}`) })),
        'by',
        asked.by,
      )}
      {pick(t('losses.staff'), people, 'staff', asked.staffId)}
      <FilterChip
        label={t('losses.period')}
        value={period || undefined}
        onClear={() => onChange({ from: undefined, to: undefined })}
      >
        {(close) => (
          <ChoiceList
            label={t('losses.period')}
            choices={periods.map(({ word }) => ({ value: word, label: t(`losses.periods.${word}`) }))}
            chosen={preset ? [preset.word] : []}
            onChoose={(word) => {
              onChange({ from: periods.find((one) => one.word === word)?.from, to: today })
              close()
            }}
          />
        )}
      </FilterChip>
    </div>
  )
}

function LossRows({ rows, openId, onOpen }: { rows: Row[]; openId: string | undefined; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const long = ({ at, addedAt }: Row) => {
    if (!addedAt) return '—'
    const days = Math.floor((Date.parse(at) - Date.parse(addedAt)) / DAY_MS)
    return days < 1 ? t('losses.hours') : t('losses.days', { n: days })
  }
  const who = (row: Row) => (
    <span className={styles.who}>
      <Avatar name={row.name} src={row.avatar} />
      <b>{row.name || '—'}</b>
      {row.back && <span className={styles.gone}>{t('losses.back')}</span>}
    </span>
  )
  const by = (row: Row) => (
    <span className={row.by === 'customer' ? undefined : 'soft'}>{t(`losses.by.${row.by}`)}</span>
  )
  const columns: Column<Row>[] = [
    { key: 'name', title: t('losses.column.name'), width: '22%', cell: who },
    { key: 'by', title: t('losses.column.by'), width: 128, cell: by },
    { key: 'staff', title: t('losses.column.staff'), width: 110, cell: (row) => row.staffName ?? '—' },
    { key: 'long', title: t('losses.column.long'), width: 110, align: 'right', cell: long },
    { key: 'channel', title: t('losses.column.channel'), width: '14%', cell: (row) => row.channel ?? '—' },
    {
      key: 'tags',
      title: t('losses.column.tags'),
      cell: (row) => (row.tags.length > 0 ? <TagRow tags={row.tags} /> : '—'),
    },
    {
      key: 'at',
      title: t('losses.column.at'),
      width: 120,
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.at} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.eventId}
      label={t('losses.list')}
      openKey={rows.find(({ contactId }) => contactId === openId)?.eventId}
      onOpen={({ contactId }) => onOpen(contactId)}
      minWidth={900}
      card={(row) => (
        <span className={styles.card}>
          {who(row)}
          <span className={styles.cardMeta}>
            <span>
              {by(row)} · {row.staffName ?? '—'} · {long(row)}
            </span>
            <Ago at={row.at} />
          </span>
        </span>
      )}
    />
  )
}
