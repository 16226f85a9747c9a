import { useTranslation } from 'react-i18next'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Ago } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useVocabulary } from '../segments/use-names.ts'
import type { JourneyRow } from './contract.ts'
import { JourneyState } from './journey-state.tsx'
import styles from './journeys.module.css'
import { sayStart } from './say-step.ts'

/** Every journey: what starts it, who is under way, who got there. */
export function JourneyRows({ rows, onOpen }: { rows: JourneyRow[]; onOpen: (journeyId: string) => void }) {
  const { t, i18n } = useTranslation()
  const { names } = useVocabulary()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const columns: Column<JourneyRow>[] = [
    {
      key: 'name',
      title: t('journeys.column.name'),
      cell: (row) => (
        <span className={styles.name}>
          <b>{row.name}</b>
          <small className="quiet">{sayStart(row.trigger, t, names)}</small>
        </span>
      ),
    },
    { key: 'state', title: t('journeys.column.state'), width: 168, cell: (row) => <JourneyState journey={row} /> },
    {
      key: 'here',
      title: t('journeys.column.here'),
      width: 96,
      align: 'right',
      cell: (row) => (row.underWay > 0 ? <b>{count(row.underWay)}</b> : <span className="quiet">0</span>),
    },
    {
      key: 'done',
      title: t('journeys.column.done'),
      width: 96,
      align: 'right',
      cell: (row) => <span className={row.done === 0 ? 'quiet' : undefined}>{count(row.done)}</span>,
    },
    { key: 'goal', title: t('journeys.column.goal'), width: 190, cell: (row) => <Goal row={row} /> },
    { key: 'by', title: t('journeys.column.by'), width: 88, cell: (row) => row.actor },
    {
      key: 'at',
      title: t('journeys.column.at'),
      width: 108,
      align: 'right',
      cell: (row) => (
        <span className="soft">
          <Ago at={row.updatedAt} />
        </span>
      ),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.journeyId}
      label={t('journeys.title')}
      minWidth={920}
      onOpen={(row) => onOpen(row.journeyId)}
      card={(row) => (
        <span className={styles.rowCard}>
          <span className={styles.cardHead}>
            <b>{row.name}</b>
            <JourneyState journey={row} />
          </span>
          <small className="quiet">
            {t('journeys.rowSays', { here: count(row.underWay), done: count(row.done) })}
            {row.goals !== null &&
              row.entered > 0 &&
              ` · ${t('journeys.goalRate', { rate: sayRate(row.goals, row.entered) })}`}
          </small>
        </span>
      )}
    />
  )
}

function Goal({ row: { goals, entered } }: { row: JourneyRow }) {
  const { t } = useTranslation()
  if (goals === null) return <span className="quiet">{t('journeys.noGoal')}</span>
  if (entered === 0) return <span className="quiet">—</span>
  return (
    <span className={styles.goal}>
      <b>{sayRate(goals, entered)}</b>
      <i aria-hidden>
        <i style={{ width: `${Math.min(100, (goals / entered) * 100)}%` }} />
      </i>
    </span>
  )
}
