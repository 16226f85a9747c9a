import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './filter-chip.module.css'
import { Icon } from './icon.tsx'

export interface Choice {
  value: string
  label: string
  group?: string
  quiet?: string
}

interface Props {
  choices: Choice[]
  chosen: string[]
  onChoose: (value: string) => void
  label: string
  /** From this many on a search box helps more than it costs. */
  searchFrom?: number
}

/** A list to choose from, in a popover: search, groups, a tick on what is chosen. */
export function ChoiceList({ choices, chosen, onChoose, label, searchFrom = 8 }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const found = choices.filter((choice) =>
    `${choice.label}${choice.group ?? ''}`.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  return (
    <div className={styles.list}>
      {choices.length >= searchFrom && (
        <Input
          autoFocus
          allowClear
          prefix={<Icon name="search" size={14} />}
          placeholder={t('filters.find')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <div className={styles.options} role="listbox" aria-label={label} aria-multiselectable>
        {found.map((choice, index) => (
          <div key={choice.value}>
            {choice.group && choice.group !== found[index - 1]?.group && (
              <div className={styles.group}>{choice.group}</div>
            )}
            <button
              type="button"
              role="option"
              aria-selected={chosen.includes(choice.value)}
              className={styles.option}
              onClick={() => onChoose(choice.value)}
            >
              <span>{choice.label}</span>
              {choice.quiet && (
                <i className="quiet small" style={{ fontStyle: 'normal' }}>
                  {choice.quiet}
                </i>
              )}
              {chosen.includes(choice.value) && <Icon name="check" size={14} />}
            </button>
          </div>
        ))}
        {found.length === 0 && <div className={styles.none}>{t('filters.nothing')}</div>}
      </div>
    </div>
  )
}
