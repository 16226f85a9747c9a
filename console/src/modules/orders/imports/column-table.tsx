import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './imports.module.css'
import type { Draft, Kind, Mapping } from './use-imports.ts'

/** In the order people think of them; the first ones are needed. */
const COLUMNS = {
  orders: [
    'orderNo',
    'placedAt',
    'paidAt',
    'amount',
    'state',
    'phone',
    'buyer',
    'receiverPhone',
    'member',
    'unionid',
    'externalUserid',
    'productName',
    'productNo',
    'category',
    'number',
    'itemAmount',
    'refundAmount',
    'refundNo',
    'refundedAt',
    'guide',
    'updatedAt',
  ],
  members: ['member', 'level', 'points', 'joinedAt', 'phone', 'unionid', 'externalUserid', 'updatedAt'],
} as const satisfies Record<Kind, readonly string[]>
type Name = (typeof COLUMNS)[Kind][number]

const SAMPLES = 3

/** Each of our columns with the heading it is read from, and what stands under it. */
export function ColumnTable({
  draft,
  mapping,
  onChange,
}: {
  draft: Draft
  mapping: Mapping
  onChange: (mapping: Mapping) => void
}) {
  const { t } = useTranslation()
  const { kind } = draft.run
  const headings = [...new Set(draft.head)].filter(Boolean).map((value) => ({ value, label: value }))
  const samples = (heading: string | undefined) => {
    const index = heading === undefined ? -1 : draft.head.indexOf(heading)
    return draft.sample.flatMap((cells) => (index >= 0 && cells[index] ? [cells[index]] : [])).slice(0, SAMPLES)
  }
  const set = (name: Name, heading: string | undefined) => {
    const { [name]: _, ...rest } = mapping.columns
    onChange({ ...mapping, columns: heading === undefined ? rest : { ...rest, [name]: heading } })
  }
  return (
    <table className={styles.columns}>
      <thead>
        <tr>
          <th scope="col">{t('orderWork.imports.ours')}</th>
          <th scope="col">{t('orderWork.imports.theirs')}</th>
          <th scope="col">{t('orderWork.imports.sample')}</th>
        </tr>
      </thead>
      <tbody>
        {COLUMNS[kind].map((name: Name) => {
          const heading = mapping.columns[name]
          const label = t(`orderWork.imports.column.${name}`)
          return (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td>
                <Select
                  aria-label={label}
                  style={{ width: '100%' }}
                  allowClear
                  showSearch
                  placeholder={t('orderWork.imports.unused')}
                  {...(heading === undefined ? {} : { value: heading })}
                  options={headings}
                  onChange={(next: string | undefined) => set(name, next)}
                />
              </td>
              <td className={styles.samples}>
                {samples(heading).map((value, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the values are the file's and never move
                  <span key={index} title={value}>
                    {value}
                  </span>
                ))}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
