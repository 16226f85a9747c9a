import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/states.tsx'
import styles from './groups.module.css'
import type { GroupView } from './use-groups.ts'

const WORTH = { active: 60, joined: 20, stayed: 20 } as const

/** What the score is made of, part by part: points of how many, and the people behind them. */
export function ScorePanel({ group }: { group: GroupView }) {
  const { t } = useTranslation()
  const { score, level, parts } = group
  if (score === null || level === null || parts === null)
    return (
      <Panel title={t('groups.alive')}>
        <EmptyState small icon="chart" title={t('groups.notScored')} why={t('groups.notScoredWhy')} />
      </Panel>
    )
  return (
    <Panel
      title={t('groups.alive')}
      sub={t('groups.scoreSub')}
      extra={
        <span className={styles.total}>
          <b>{score}</b> <span className={`${styles.badge} ${styles[level]}`}>{t(`groups.level.${level}`)}</span>
        </span>
      }
    >
      <ul className={styles.parts}>
        {(['active', 'joined', 'stayed'] as const).map((part) => (
          <li key={part}>
            <span>{t(`groups.part.${part}`)}</span>
            <i aria-hidden>
              <b style={{ width: `${(parts.points[part] / WORTH[part]) * 100}%` }} />
            </i>
            <span className="num">
              {parts.points[part]} / {WORTH[part]}
            </span>
            <small>{t(`groups.partWhy.${part}`, parts)}</small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
