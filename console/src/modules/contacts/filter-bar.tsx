import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { useNow } from '../../ui/clock.ts'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { languageOf, sayDay, shanghaiDay } from '../../ui/time-words.ts'
import { GroupChip } from '../groups/group-chip.tsx'
import { DepartmentChip } from '../staff/department-chip.tsx'
import { StageChip } from '../stages/stage-chip.tsx'
import styles from './contacts.module.css'
import { countConditions, type Filters, NO_CONDITIONS } from './filters.ts'
import { SegmentChip } from './segment-chip.tsx'

const STAFF_MAX = 200
const CODES_MAX = 100
const DAY_MS = 86_400_000

interface Props {
  filters: Filters
  onChange: (change: Partial<Filters>) => void
}

/** `byStage`: the page shows the stages itself. */
export function FilterBar({ filters, onChange, byStage = false }: Props & { byStage?: boolean }) {
  const { t } = useTranslation()
  return (
    <div className={styles.filters}>
      <SearchBox
        className={styles.search}
        value={filters.q}
        placeholder={t('contacts.search')}
        onCommit={(q) => onChange({ q })}
      />
      <TagChipFilter filters={filters} onChange={onChange} />
      <StaffChipFilter filters={filters} onChange={onChange} />
      <DepartmentChip departmentId={filters.departmentId} onChange={(departmentId) => onChange({ departmentId })} />
      <CodeChipFilter filters={filters} onChange={onChange} />
      <SegmentChip segmentId={filters.segmentId} onChange={(segmentId) => onChange({ segmentId })} />
      <GroupChip value={filters} onChange={onChange} />
      {!byStage && <StageChip stageIds={filters.stageIds} onChange={(stageIds) => onChange({ stageIds })} />}
      <AddedChipFilter filters={filters} onChange={onChange} />
      <ActiveChipFilter filters={filters} onChange={onChange} />
      <GenderChipFilter filters={filters} onChange={onChange} />
      <FieldChipFilter filters={filters} onChange={onChange} />
      {countConditions(filters) >= 3 && (
        <Button type="text" size="small" onClick={() => onChange(NO_CONDITIONS)}>
          {t('filters.clearAll')}
        </Button>
      )}
    </div>
  )
}

const MODES = ['tagsAll', 'tagsAny', 'tagsNone'] as const

/** All of these, one of those, none of the others: three lists behind one chip. */
function TagChipFilter({ filters, onChange }: Props) {
  const { t } = useTranslation()
  const [mode, setMode] = useState<(typeof MODES)[number]>(MODES.find((m) => filters[m].length > 0) ?? 'tagsAll')
  const library = api.useQuery('get', '/api/tag-groups', {})
  const choices =
    library.data?.groups.flatMap((group) =>
      group.tags.map((tag) => ({ value: tag.tagId, label: tag.name, group: group.name, quiet: String(tag.contacts) })),
    ) ?? []
  const nameOf = (id: string) => choices.find(({ value }) => value === id)?.label ?? '…'
  const words = MODES.filter((m) => filters[m].length > 0).map((m) =>
    t(`contacts.tagWords.${m}`, { names: filters[m].map(nameOf).join(t(`contacts.tagJoin.${m}`)) }),
  )
  return (
    <FilterChip
      label={t('contacts.tag')}
      value={words.length > 0 ? words.join('；') : undefined}
      onClear={() => onChange({ tagsAll: [], tagsAny: [], tagsNone: [] })}
    >
      {() => (
        <div className={styles.tagFilter}>
          <Segmented
            block
            value={mode}
            onChange={setMode}
            aria-label={t('contacts.tag')}
            options={MODES.map((m) => ({
              value: m,
              label: `${t(`contacts.tagMode.${m}`)}${filters[m].length > 0 ? ` ${filters[m].length}` : ''}`,
            }))}
          />
          <ChoiceList
            label={t(`contacts.tagMode.${mode}`)}
            choices={choices}
            chosen={filters[mode]}
            onChoose={(id) => onChange({ [mode]: toggle(filters[mode], id) })}
          />
        </div>
      )}
    </FilterChip>
  )
}

const toggle = (list: string[], id: string) => (list.includes(id) ? list.filter((held) => held !== id) : [...list, id])

function StaffChipFilter({ filters, onChange }: Props) {
  const { t } = useTranslation()
  const staff = api.useQuery('get', '/api/staff', { params: { query: { limit: STAFF_MAX } } })
  const choices =
    staff.data?.items
      .filter(({ customers, follows, staffId }) => customers > 0 || follows || filters.staffIds.includes(staffId))
      .map(({ staffId, name, departments, customers }) => ({
        value: staffId,
        label: name,
        quiet: departments[0]?.name ?? String(customers),
      })) ?? []
  const nameOf = (id: string) => choices.find(({ value }) => value === id)?.label ?? '…'
  return (
    <FilterChip
      label={t('contacts.staff')}
      value={filters.staffIds.length > 0 ? filters.staffIds.map(nameOf).join('、') : undefined}
      onClear={() => onChange({ staffIds: [] })}
    >
      {() => (
        <ChoiceList
          label={t('contacts.staff')}
          choices={choices}
          chosen={filters.staffIds}
          onChoose={(id) => onChange({ staffIds: toggle(filters.staffIds, id) })}
        />
      )}
    </FilterChip>
  )
}

const GENDERS = ['1', '2', '0'] as const

function GenderChipFilter({ filters, onChange }: Props) {
  const { t } = useTranslation()
  const choices = GENDERS.map((value) => ({ value, label: t(`contacts.genders.${value}`) }))
  const chosen = choices.find(({ value }) => value === filters.gender)
  return (
    <FilterChip
      label={t('contacts.genderFilter')}
      value={chosen?.label}
      onClear={() => onChange({ gender: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={t('contacts.genderFilter')}
          choices={choices}
          chosen={filters.gender ? [filters.gender] : []}
          onChoose={(gender) => {
            onChange({ gender })
            close()
          }}
        />
      )}
    </FilterChip>
  )
}

/** The corp's own choice fields behind one chip; nothing where it has none. */
function FieldChipFilter({ filters, onChange }: Props) {
  const { t } = useTranslation()
  const all = api.useQuery('get', '/api/contact-fields', {})
  const fields = all.data?.filter(({ options }) => options.length > 0) ?? []
  if (fields.length === 0) return null
  const at = (id: string, option: string) => `${id}:${option}`
  const choices = fields.flatMap(({ contactFieldId, name, options }) =>
    options.map((option) => ({ value: at(contactFieldId, option), label: option, group: name })),
  )
  const chosen = Object.entries(filters.fields).flatMap(([id, options]) => options.map((option) => at(id, option)))
  const choose = (value: string) => {
    const id = value.slice(0, value.indexOf(':'))
    const option = value.slice(id.length + 1)
    onChange({ fields: { ...filters.fields, [id]: toggle(filters.fields[id] ?? [], option) } })
  }
  const words = Object.entries(filters.fields).map(([id, options]) => {
    const name = fields.find(({ contactFieldId }) => contactFieldId === id)?.name ?? '…'
    return `${name} ${options.join(t('contacts.tagJoin.tagsAny'))}`
  })
  return (
    <FilterChip
      label={t('fields.panel')}
      value={words.length > 0 ? words.join('；') : undefined}
      onClear={() => onChange({ fields: {} })}
    >
      {() => <ChoiceList label={t('fields.panel')} choices={choices} chosen={chosen} onChoose={choose} />}
    </FilterChip>
  )
}

function CodeChipFilter({ filters, onChange }: Props) {
  const { t } = useTranslation()
  const codes = api.useQuery('get', '/api/channel-codes', { params: { query: { limit: CODES_MAX } } })
  const one = api.useQuery(
    'get',
    '/api/channel-codes/{channelCodeId}',
    { params: { path: { channelCodeId: filters.codeId ?? '' } } },
    { enabled: filters.codeId !== undefined },
  )
  const choices =
    codes.data?.items.map(({ channelCodeId, name, last7Days }) => ({
      value: channelCodeId,
      label: name,
      quiet: String(last7Days.adds),
    })) ?? []
  return (
    <FilterChip
      label={t('contacts.channel')}
      value={filters.codeId && (one.data?.name ?? '…')}
      onClear={() => onChange({ codeId: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={t('contacts.channel')}
          choices={choices}
          chosen={filters.codeId ? [filters.codeId] : []}
          onChoose={(codeId) => {
            onChange({ codeId })
            close()
          }}
        />
      )}
    </FilterChip>
  )
}

function AddedChipFilter({ filters, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { from, to } = filters
  const say = (day: string) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n))
  const today = shanghaiDay(now)
  const words =
    from && to
      ? from === to
        ? from === today
          ? t('contacts.preset.today')
          : say(from)
        : t('contacts.dayRange', { from: say(from), to: say(to) })
      : from
        ? t('contacts.dayFrom', { from: say(from) })
        : to
          ? t('contacts.dayTo', { to: say(to) })
          : undefined
  const since = (days: number) => ({ from: shanghaiDay(new Date(now.getTime() - (days - 1) * DAY_MS)), to: undefined })
  const presets = [
    { word: 'today', range: { from: today, to: today } },
    { word: 'week', range: since(7) },
    { word: 'month', range: since(30) },
  ] as const
  return (
    <FilterChip label={t('contacts.added')} value={words} onClear={() => onChange({ from: undefined, to: undefined })}>
      {(close) => (
        <div className={styles.days}>
          <div className={styles.presets}>
            {presets.map(({ word, range }) => (
              <Button
                key={word}
                size="small"
                onClick={() => {
                  onChange(range)
                  close()
                }}
              >
                {t(`contacts.preset.${word}`)}
              </Button>
            ))}
          </div>
          <label>
            {t('contacts.fromDay')}
            <input
              type="date"
              max={to ?? today}
              value={from ?? ''}
              onChange={(event) => onChange({ from: event.target.value || undefined })}
            />
          </label>
          <label>
            {t('contacts.toDay')}
            <input
              type="date"
              min={from}
              max={today}
              value={to ?? ''}
              onChange={(event) => onChange({ to: event.target.value || undefined })}
            />
          </label>
        </div>
      )}
    </FilterChip>
  )
}

const ACTIVE_DAYS = [1, 7, 30] as const
const IDLE_DAYS = [7, 30, 90] as const

/** When he last did something himself: looked, scanned, wrote, bought. */
function ActiveChipFilter({ filters, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { activeFrom, activeTo } = filters
  const ago = (days: number) => shanghaiDay(new Date(now.getTime() - days * DAY_MS))
  const choices = [
    ...ACTIVE_DAYS.map((n) => ({
      value: `active ${n}`,
      label: t('contacts.activeIn', { count: n }),
      from: ago(n - 1),
    })),
    ...IDLE_DAYS.map((n) => ({ value: `idle ${n}`, label: t('contacts.idleFor', { count: n }), to: ago(n) })),
  ]
  const chosen = choices.find(
    (one) => ('from' in one ? one.from : undefined) === activeFrom && ('to' in one ? one.to : undefined) === activeTo,
  )
  const say = (day: string) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n))
  const words =
    chosen?.label ??
    [
      activeFrom && t('contacts.activeSince', { day: say(activeFrom) }),
      activeTo && t('contacts.idleSince', { day: say(activeTo) }),
    ]
      .filter(Boolean)
      .join('，')
  const isSet = activeFrom !== undefined || activeTo !== undefined
  return (
    <FilterChip
      label={t('contacts.active')}
      value={isSet ? words : undefined}
      onClear={() => onChange({ activeFrom: undefined, activeTo: undefined })}
    >
      {(close) => (
        <ChoiceList
          label={t('contacts.active')}
          choices={choices.map(({ value, label }) => ({ value, label }))}
          chosen={isSet && chosen ? [chosen.value] : []}
          onChoose={(value) => {
            const one = choices.find((choice) => choice.value === value)
            if (!one) return
            onChange({
              activeFrom: 'from' in one ? one.from : undefined,
              activeTo: 'to' in one ? one.to : undefined,
            })
            close()
          }}
        />
      )}
    </FilterChip>
  )
}
