import { useTranslation } from 'react-i18next'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { languageOf } from '../../ui/time-words.ts'
import type { MemberStats, Stats, StepStats } from './contract.ts'
import styles from './journeys.module.css'

const useCount = () => {
  const { i18n } = useTranslation()
  return (n: number) => sayCount(n, languageOf(i18n))
}

/** How a journey does: who came, who is under way, who got there. */
export function StatsOverview({ stats }: { stats: Stats }) {
  const { t } = useTranslation()
  const count = useCount()
  const figures = [
    { key: 'entered', n: count(stats.entered), more: t('journeys.stats.enteredMore') },
    { key: 'underWay', n: count(stats.underWay), more: sayRate(stats.underWay, stats.entered) },
    { key: 'done', n: count(stats.done), more: sayRate(stats.done, stats.entered) },
    {
      key: 'goals',
      n: stats.goals === null ? '—' : sayRate(stats.goals, stats.entered),
      more: stats.goals === null ? t('journeys.noGoal') : t('journeys.stats.goalsMore', { n: count(stats.goals) }),
    },
  ] as const
  return (
    <>
      <dl className={styles.figures}>
        {figures.map(({ key, n, more }) => (
          <div key={key} data-testid={`stat-${key}`}>
            <dt>{t(`journeys.stats.${key}`)}</dt>
            <dd>{n}</dd>
            <dd>{more}</dd>
          </div>
        ))}
      </dl>
      <section>
        <h3 className={styles.label}>{t('journeys.stats.members')}</h3>
        {stats.members.length === 0 ? (
          <p className="quiet small">{t('journeys.stats.noMembers')}</p>
        ) : (
          <Members rows={stats.members} />
        )}
      </section>
    </>
  )
}

function Members({ rows }: { rows: MemberStats[] }) {
  const { t } = useTranslation()
  const count = useCount()
  const quiet = (n: number, bad = false) => (
    <span className={n === 0 ? 'quiet' : bad ? 'warn' : undefined}>{count(n)}</span>
  )
  const columns: Column<MemberStats>[] = [
    { key: 'name', title: t('journeys.stats.member'), cell: (row) => row.name },
    { key: 'due', title: t('journeys.stats.due'), width: 60, align: 'right', cell: (row) => quiet(row.due) },
    { key: 'done', title: t('journeys.stats.didIt'), width: 60, align: 'right', cell: (row) => quiet(row.done) },
    { key: 'late', title: t('journeys.stats.late'), width: 60, align: 'right', cell: (row) => quiet(row.late, true) },
    {
      key: 'skipped',
      title: t('journeys.stats.skipped'),
      width: 60,
      align: 'right',
      cell: (row) => quiet(row.skipped),
    },
  ]
  return (
    <ListTable
      rows={rows}
      columns={columns}
      rowKey={(row) => row.staffId}
      label={t('journeys.stats.members')}
      card={(row) => (
        <span className={styles.cardHead} style={{ width: '100%' }}>
          <b>{row.name}</b>
          <small className="quiet">
            {t('journeys.stats.memberSays', { due: row.due, done: row.done, late: row.late, skipped: row.skipped })}
          </small>
        </span>
      )}
    />
  )
}

/** One step: who stands here, what became of everybody who came by, and why some were left out. */
export function StepStatsView({ step }: { step: StepStats }) {
  const { t } = useTranslation()
  const count = useCount()
  const { i18n } = useTranslation()
  const sayReason = (reason: string) =>
    i18n.exists(`touches.fate.${reason}`) ? String(t(`touches.fate.${reason}` as never)) : t('journeys.stats.failed')
  const all = step.done + step.late + step.skipped
  return (
    <>
      <dl className={styles.figures}>
        <div>
          <dt>{t('journeys.stats.hereNow')}</dt>
          <dd>{count(step.here)}</dd>
        </div>
        <div>
          <dt>{t('journeys.stats.cameBy')}</dt>
          <dd>{count(step.came)}</dd>
        </div>
      </dl>
      {all > 0 && (
        <section className={styles.field}>
          <span className={styles.meter} aria-hidden>
            <i data-of="done" style={{ flexGrow: step.done }} />
            <i data-of="late" style={{ flexGrow: step.late }} />
            <i data-of="skipped" style={{ flexGrow: step.skipped }} />
          </span>
          <span className={styles.legend}>
            {(['done', 'late', 'skipped'] as const).map((of) => (
              <span key={of}>
                <i data-of={of} aria-hidden />
                {t(`journeys.stats.of.${of}`)} {count(step[of])} · {sayRate(step[of], all)}
              </span>
            ))}
          </span>
        </section>
      )}
      {step.reasons.length > 0 && (
        <section>
          <h3 className={styles.label}>{t('journeys.stats.whySkipped')}</h3>
          <ul className={styles.rows}>
            {step.reasons.map(({ reason, people }) => (
              <li key={reason}>
                <span>{sayReason(reason)}</span>
                <b>{t('journeys.canvas.went', { n: count(people) })}</b>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
