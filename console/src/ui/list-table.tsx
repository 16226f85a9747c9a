import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
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
}

export function ListTable<Row>(props: Props<Row>) {
  return useIsPhone() ? <Cards {...props} /> : <Table {...props} />
}

function Table<Row>({ rows, columns, rowKey, label, onOpen, openKey, minWidth }: Props<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => {
    if (openKey) body.current?.querySelector('[data-open]')?.scrollIntoView({ block: 'nearest' })
  }, [openKey])

  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: Row) => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter') onOpen?.(row)
    // With a drawer open the arrows belong to it: it steps through the list.
    if (openKey !== undefined || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    event.preventDefault()
    const next =
      event.key === 'ArrowDown' ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
    if (next instanceof HTMLElement) next.focus()
  }

  return (
    <div className={styles.wrap}>
      <table className={styles.table} aria-label={label} style={minWidth ? { minWidth } : undefined}>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr>
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
                className={`${onOpen ? styles.press : ''} ${open ? styles.open : ''}`}
                tabIndex={onOpen ? (focusable ? 0 : -1) : undefined}
                onClick={onOpen && (() => onOpen(row))}
                onKeyDown={onOpen && ((event) => move(event, row))}
              >
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

function Cards<Row>({ rows, rowKey, label, card, onOpen }: Props<Row>) {
  return (
    <ul className={styles.cards} aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)}>
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
