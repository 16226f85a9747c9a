import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { ChoiceList } from '../../ui/choice-list.tsx'
import { FilterChip } from '../../ui/filter-chip.tsx'
import { useCan } from '../staff/session.ts'
import styles from './groups.module.css'

const MODES = ['groupsAny', 'groupsAll', 'groupsNone'] as const
type Mode = (typeof MODES)[number]
export type InGroups = Record<Mode, string[]>

const STALE_MS = 60_000

/** The groups one may choose among, those that are over last. */
export function useGroupNames() {
  const mayRead = useCan('groups.read')
  return api.useQuery('get', '/api/groups/names', {}, { enabled: mayRead, staleTime: STALE_MS })
}

/** In one of these, in all of those, in none of the others: three lists behind one chip. */
export function GroupChip({ value, onChange }: { value: InGroups; onChange: (change: Partial<InGroups>) => void }) {
  const { t } = useTranslation()
  const names = useGroupNames()
  const [mode, setMode] = useState<Mode>(MODES.find((one) => value[one].length > 0) ?? 'groupsAny')
  if (!names.data) return null
  const choices = names.data.items.map(({ groupChatId, name, owner, gone }) => ({
    value: groupChatId,
    label: name || t('groups.unnamedOf', { owner }),
    quiet: gone ? t('groups.gone') : owner,
  }))
  const nameOf = (id: string) => choices.find((choice) => choice.value === id)?.label ?? '…'
  const words = MODES.filter((one) => value[one].length > 0).map((one) =>
    t(`groups.filter.words.${one}`, { names: value[one].map(nameOf).join(t(`groups.filter.join.${one}`)) }),
  )
  const toggle = (id: string) =>
    onChange({ [mode]: value[mode].includes(id) ? value[mode].filter((held) => held !== id) : [...value[mode], id] })
  return (
    <FilterChip
      label={t('groups.title')}
      value={words.length > 0 ? words.join('；') : undefined}
      onClear={() => onChange({ groupsAny: [], groupsAll: [], groupsNone: [] })}
    >
      {() => (
        <div className={styles.chipBody}>
          <Segmented
            block
            value={mode}
            onChange={setMode}
            aria-label={t('groups.title')}
            options={MODES.map((one) => ({
              value: one,
              label: `${t(`groups.filter.mode.${one}`)}${value[one].length > 0 ? ` ${value[one].length}` : ''}`,
            }))}
          />
          <ChoiceList
            label={t(`groups.filter.mode.${mode}`)}
            choices={choices}
            chosen={value[mode]}
            onChoose={toggle}
          />
        </div>
      )}
    </FilterChip>
  )
}
