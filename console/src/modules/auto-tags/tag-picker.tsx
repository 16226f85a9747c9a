import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLibrary } from '../tags/use-tags.ts'
import styles from './auto-tags.module.css'

interface Props {
  value: string | undefined
  isFixed: boolean
  /** Tags that have a rule already, with which. */
  taken: ReadonlyMap<string, string>
  onChange: (tagId: string) => void
}

/** Which tag a rule gives. */
export function TagPicker({ value, isFixed, taken, onChange }: Props) {
  const { t } = useTranslation()
  const library = useLibrary()
  const options = (library.data?.groups ?? []).map((group) => ({
    label: group.name,
    options: group.tags.map(({ tagId, name }) => ({
      value: tagId,
      label: taken.has(tagId) ? `${name}（${t('autoTags.hasRule')}）` : name,
      disabled: taken.has(tagId),
    })),
  }))
  return (
    <Select
      className={styles.tag}
      aria-label={t('autoTags.tag')}
      placeholder={t('autoTags.chooseTag')}
      showSearch={{ optionFilterProp: 'label' }}
      disabled={isFixed}
      loading={library.isLoading}
      status={value ? '' : 'warning'}
      value={value}
      options={options}
      onChange={onChange}
    />
  )
}
