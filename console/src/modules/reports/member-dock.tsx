import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { Dock } from '../../ui/dock.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayRate } from '../../ui/number-words.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Person } from './person.tsx'
import styles from './reports.module.css'
import type { StatsRow } from './stats-table.tsx'

/** One member: by whom his friendships ended, who stayed, and through which codes the new ones came. */
export function MemberDock({
  row,
  range,
  onClose,
}: {
  row: StatsRow
  range: { from: string; to: string }
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { staffId, now } = row
  const codes = api.useQuery('get', '/api/reports/staff/{staffId}/codes', {
    params: { path: { staffId }, query: range },
  })
  const facts = [
    [t('reports.column.lostByCustomer'), now.lostByCustomer],
    [t('reports.column.lostByStaff'), now.lostByStaff],
    [t('reports.column.lostOtherwise'), now.lost - now.lostByCustomer - now.lostByStaff],
    [
      t('reports.dock.kept', { days: 7 }),
      t('reports.dock.keptOf', { ...now.kept7, rate: sayRate(now.kept7.kept, now.kept7.of) }),
    ],
    [
      t('reports.dock.kept', { days: 30 }),
      t('reports.dock.keptOf', { ...now.kept30, rate: sayRate(now.kept30.kept, now.kept30.of) }),
    ],
    [t('reports.column.chats'), now.chats ?? '—'],
    [t('reports.column.applied'), now.applied ?? '—'],
    [t('reports.column.negative'), now.negative ?? '—'],
  ] as const
  const share = (adds: number, all: number) => ({ width: `${all > 0 ? (adds / all) * 100 : 0}%` })
  return (
    <Dock label={row.name} onClose={onClose} head={<Person {...row} />}>
      <div className={styles.dock}>
        {row.refused !== null && <p className="warn small">{t('reports.stats.refusedWhy', { code: row.refused })}</p>}
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h3>{t('reports.dock.codes')}</h3>
        <Loaded query={codes} what={t('reports.dock.codes')} skeleton={<SkeletonRows rows={4} avatar={false} />}>
          {({ items, without }) => {
            const all = items.reduce((n, { adds }) => n + adds, without)
            if (all === 0) return <EmptyState small icon="qr" title={t('reports.dock.noCodes')} />
            return (
              <ul className={styles.codes}>
                {items.map(({ channelCodeId, name, adds }) => (
                  <li key={channelCodeId}>
                    <Link to={`/channels/${channelCodeId}`}>{name}</Link>
                    <span className={styles.share}>
                      <i style={share(adds, all)} />
                    </span>
                    <b>{adds}</b>
                  </li>
                ))}
                {without > 0 && (
                  <li>
                    <span className="soft">{t('reports.dock.without')}</span>
                    <span className={styles.share}>
                      <i style={share(without, all)} />
                    </span>
                    <b>{without}</b>
                  </li>
                )}
              </ul>
            )
          }}
        </Loaded>
        <p>
          <Link to={`/contacts?staff=${staffId}`}>{t('reports.dock.customers', { n: row.customers })}</Link>
          {' · '}
          <Link to={`/losses?staff=${staffId}&from=${range.from}&to=${range.to}`}>
            {t('reports.dock.losses', { n: now.lost })}
          </Link>
        </p>
      </div>
    </Dock>
  )
}
