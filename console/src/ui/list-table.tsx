import { Checkbox } from 'antd'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './list-table.module.css'
import { useIsPhone } from './use-media.ts'

export interface Column<Row> {
  key: string
  title: ReactNode
  /** Pixels, or a share of what is left: `22%`. */
  width?: number | string
  align?: 'right'
  cell: (row: Row) => ReactNode
}

/** Rows ticked by hand. Independent of the row that is open. */
export interface Selection {
  keys: ReadonlySet<string>
  onToggle: (keys: string[], on: boolean) => void
}

interface Props<Row> {
  rows: Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  /** What a screen reader calls the list. */
  label: string
  /** One row on a phone: the whole of it can be pressed. */
  card: (row: Row) => ReactNode
  onOpen?: (row: Row) => void
  openKey?: string | undefined
  minWidth?: number
  selection?: Selection | undefined
}

export function ListTable<Row>(props: Props<Row>) {
  return useIsPhone() ? <Cards {...props} /> : <Table {...props} />
}

function Table<Row>({ rows, columns, rowKey, label, onOpen, openKey, minWidth, selection }: Props<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    if (openKey) body.current?.querySelector('[data-open]')?.scrollIntoView({ block: 'nearest' })
  }, [openKey])

  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: Row) => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter') onOpen?.(row)
    if (event.key === ' ' && selection) {
      event.preventDefault()
      selection.onToggle([rowKey(row)], !selection.keys.has(rowKey(row)))
    }
    // With a drawer open the arrows belong to it: it steps through the list.
    if (openKey !== undefined || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    event.preventDefault()
    const next =
      event.key === 'ArrowDown' ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
    if (next instanceof HTMLElement) next.focus()
  }

  return (
    // Whoever has no mouse scrolls it by the arrows: by its rows, or where none can be opened by itself.
    <div className={styles.wrap} {...(onOpen ? {} : { tabIndex: 0 })}>
      <table className={styles.table} aria-label={label} style={minWidth ? { minWidth } : undefined}>
        <colgroup>
          {selection && <col style={{ width: 44 }} />}
          {columns.map(({ key, width }) => (
            <col key={key} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className={styles.tick}>
                <TickAll keys={rows.map(rowKey)} selection={selection} />
              </th>
            )}
            {columns.map(({ key, title, align }) => (
              <th key={key} scope="col" className={align === 'right' ? styles.right : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => {
            const key = rowKey(row)
            const open = key === openKey
            const focusable = open || (openKey === undefined && index === 0)
            return (
              <tr
                key={key}
                data-open={open || undefined}
                aria-current={open || undefined}
                className={`${onOpen ? styles.press : ''} ${open ? styles.open : ''} ${selection?.keys.has(key) ? styles.ticked : ''}`}
                tabIndex={onOpen ? (focusable ? 0 : -1) : undefined}
                onClick={onOpen && (() => onOpen(row))}
                onKeyDown={onOpen && ((event) => move(event, row))}
              >
                {selection && (
                  <td className={styles.tick}>
                    <Tick rowKey={key} selection={selection} />
                  </td>
                )}
                {columns.map(({ key: column, cell, align }) => (
                  <td key={column} className={align === 'right' ? styles.right : undefined}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function TickAll({ keys, selection }: { keys: string[]; selection: Selection }) {
  const { t } = useTranslation()
  const ticked = keys.filter((key) => selection.keys.has(key)).length
  return (
    <Checkbox
      aria-label={t('list.selectPage')}
      checked={ticked > 0 && ticked === keys.length}
      indeterminate={ticked > 0 && ticked < keys.length}
      onChange={({ target }) => selection.onToggle(keys, target.checked)}
    />
  )
}

function Tick({ rowKey, selection }: { rowKey: string; selection: Selection }) {
  const { t } = useTranslation()
  return (
    <Checkbox
      aria-label={t('list.select')}
      checked={selection.keys.has(rowKey)}
      onClick={(event) => event.stopPropagation()}
      onChange={({ target }) => selection.onToggle([rowKey], target.checked)}
    />
  )
}

function Cards<Row>({ rows, rowKey, label, card, onOpen, selection }: Props<Row>) {
  return (
    <ul className={styles.cards} aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={selection && styles.tickable}>
          {selection && <Tick rowKey={rowKey(row)} selection={selection} />}
          {onOpen ? (
            <button type="button" className={styles.card} onClick={() => onOpen(row)}>
              {card(row)}
            </button>
          ) : (
            <div className={styles.card}>{card(row)}</div>
          )}
        </li>
      ))}
    </ul>
  )
}
