import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Answer } from '../../api/types.ts'
import { Delta } from '../../ui/delta.tsx'
import { type Column, ListTable, type Selection } from '../../ui/list-table.tsx'
import { sayRate } from '../../ui/number-words.ts'
import { EmptyState } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { Person } from './person.tsx'
import styles from './reports.module.css'
import { sayMinutes, sayNet, sayShare } from './say.ts'

export type Stats = Answer<'/api/reports/staff'>
export type StatsRow = Stats['items'][number]
type Figures = StatsRow['now']

const NUMBERS = ['added', 'lost', 'net', 'kept7', 'kept30', 'messages', 'replyShare', 'firstReplyMinutes'] as const
const SORTS = ['name', 'customers', ...NUMBERS] as const
export type Sort = (typeof SORTS)[number]
export const isSort = (word: string | null): word is Sort => SORTS.some((one) => one === word)

interface Props {
  rows: StatsRow[]
  range: { from: string; to: string }
  sort: Sort
  order: 'asc' | 'desc'
  onSort: (next: { sort: Sort; order: 'asc' | 'desc' }) => void
  openId: string | undefined
  onOpen: (staffId: string) => void
  selection: Selection
}

export function MemberTable({ rows, range, sort, order, onSort, openId, onOpen, selection }: Props) {
  const { t } = useTranslation()
  const say = useSay()
  const title = (key: Sort) => (
    <SortTitle
      key={key}
      name={t(`reports.column.${key}`)}
      at={key === sort ? order : undefined}
      onPress={() => onSort({ sort: key, order: key === sort && order === 'desc' ? 'asc' : 'desc' })}
    />
  )
  const customers = (row: StatsRow) => <Customers row={row} />
  const columns: Column<StatsRow>[] = [
    { key: 'name', title: title('name'), width: 200, cell: (row) => <Person {...row} /> },
    { key: 'customers', title: title('customers'), width: 92, align: 'right', cell: customers },
    ...NUMBERS.map((key) => ({
      key,
      title: title(key),
      width: key === 'added' ? 116 : 88,
      align: 'right' as const,
      cell: (row: StatsRow) => <Told row={row} range={range} figure={key} say={say} />,
    })),
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ staffId }) => staffId}
      label={t('reports.stats.members')}
      minWidth={1080}
      openKey={openId}
      onOpen={({ staffId }) => onOpen(staffId)}
      selection={selection}
      card={(row) => (
        <span className={styles.card}>
          <Person {...row} />
          <span className={styles.cardFigures}>
            {(['added', 'lost', 'kept7', 'replyShare'] as const).map((key) => (
              <span key={key}>
                <small className="quiet">{t(`reports.column.${key}`)}</small> {say(key, row.now)}
              </span>
            ))}
          </span>
        </span>
      )}
    />
  )
}

function SortTitle({ name, at, onPress }: { name: string; at: 'asc' | 'desc' | undefined; onPress: () => void }) {
  const { t } = useTranslation()
  const word = at ? `${name}，${t(`reports.sorted.${at}`)}` : name
  return (
    <button type="button" className={styles.sort} onClick={onPress} aria-label={word} data-at={at}>
      {name}
      <i aria-hidden>{at === 'asc' ? '▲' : '▼'}</i>
    </button>
  )
}

function Customers({ row: { staffId, customers } }: { row: { staffId: string; customers: number } }) {
  const { t } = useTranslation()
  if (customers === 0) return <span className="quiet">0</span>
  return (
    <Link
      to={`/contacts?staff=${staffId}`}
      title={t('staff.seeCustomers')}
      onClick={(event) => event.stopPropagation()}
    >
      {customers}
    </Link>
  )
}

/** A figure of WeCom's that it refuses says so: that is not the same as none. */
function Told({
  row,
  range,
  figure,
  say,
}: {
  row: StatsRow
  range: Props['range']
  figure: (typeof NUMBERS)[number]
  say: ReturnType<typeof useSay>
}) {
  const { t } = useTranslation()
  if (figure === 'messages' && row.now.messages === null && row.refused !== null)
    return (
      <span className="warn" title={t('reports.stats.refusedWhy', { code: row.refused })}>
        {t('reports.stats.refused')}
      </span>
    )
  if (figure === 'added')
    return (
      <span className={styles.withDelta}>
        <b>{row.now.added}</b> <Delta now={row.now.added} before={row.before.added} />
      </span>
    )
  if (figure === 'lost' && row.now.lost > 0)
    return (
      <Link
        to={`/losses?staff=${row.staffId}&from=${range.from}&to=${range.to}`}
        title={t('reports.stats.lostBy', { customer: row.now.lostByCustomer, staff: row.now.lostByStaff })}
        onClick={(event) => event.stopPropagation()}
      >
        {row.now.lost}
      </Link>
    )
  const words = say(figure, row.now)
  return words === '—' || words === '0' ? <span className="quiet">{words}</span> : words
}

function useSay() {
  const { i18n } = useTranslation()
  const language = languageOf(i18n)
  return (key: (typeof NUMBERS)[number], now: Figures): string => {
    if (key === 'kept7' || key === 'kept30') return sayRate(now[key].kept, now[key].of)
    if (key === 'replyShare') return sayShare(now.replyShare)
    if (key === 'firstReplyMinutes') return sayMinutes(now.firstReplyMinutes, language)
    if (key === 'net') return sayNet(now.net)
    return String(now[key] ?? '—')
  }
}

type Department = Stats['departments'][number]

export function DepartmentTable({ rows, onChoose }: { rows: Department[]; onChoose: (departmentId: string) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  if (rows.length === 0)
    return (
      <EmptyState icon="building" title={t('reports.stats.noDepartments')} why={t('reports.stats.noDepartmentsWhy')} />
    )
  const name = ({ name: word, depth, staff }: Department): ReactNode => (
    <span className={styles.who} style={{ paddingLeft: depth * 16 }}>
      <span>{word}</span>
      <small>{t('home.people', { n: staff })}</small>
    </span>
  )
  const columns: Column<Department>[] = [
    { key: 'name', title: t('reports.column.department'), width: 200, cell: name },
    {
      key: 'customers',
      title: t('reports.column.customers'),
      width: 92,
      align: 'right',
      cell: ({ customers }) => customers,
    },
    ...NUMBERS.map((key) => ({
      key,
      title: t(`reports.column.${key}`),
      width: key === 'added' ? 116 : 88,
      align: 'right' as const,
      cell: ({ now, before }: Department) =>
        key === 'added' ? (
          <span className={styles.withDelta}>
            <b>{now.added}</b> <Delta now={now.added} before={before.added} />
          </span>
        ) : (
          say(key, now)
        ),
    })),
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={({ departmentId }) => departmentId}
      label={t('reports.stats.departments')}
      minWidth={1040}
      onOpen={({ departmentId }) => onChoose(departmentId)}
      card={(row) => (
        <span className={styles.card}>
          {name(row)}
          <span className={styles.cardFigures}>
            {(['added', 'lost', 'kept7', 'replyShare'] as const).map((key) => (
              <span key={key}>
                <small className="quiet">{t(`reports.column.${key}`)}</small> {say(key, row.now)}
              </span>
            ))}
          </span>
        </span>
      )}
    />
  )
}
