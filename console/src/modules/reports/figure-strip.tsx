import { useTranslation } from 'react-i18next'
import { Delta } from '../../ui/delta.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './reports.module.css'
import { sayMinutes, sayNet, sayShare } from './say.ts'
import type { Stats } from './stats-table.tsx'

const TOLD_ENOUGH = 0.9

/** Everybody together, each figure beside what it was in the period before. */
export function FigureStrip({
  totals: { customers, staff, now, before },
  days,
}: {
  totals: Stats['totals']
  days: number
}) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const was = (words: string) => <span className="small quiet">{t('reports.stats.was', { words })}</span>
  // Of a period WeCom has told only a part of, nothing is said beside one it has told whole.
  const told = before.told >= now.told * TOLD_ENOUGH
  const figures = [
    {
      key: 'customers',
      value: sayCount(customers, language),
      beside: <span className="small quiet">{t('reports.stats.ofStaff', { n: staff })}</span>,
    },
    { key: 'added', value: sayCount(now.added, language), beside: <Delta now={now.added} before={before.added} /> },
    {
      key: 'lost',
      value: sayCount(now.lost, language),
      beside: <Delta now={now.lost} before={before.lost} good="down" />,
    },
    { key: 'net', value: sayNet(now.net), beside: was(sayNet(before.net)) },
    {
      key: 'kept7',
      value: sayRate(now.kept7.kept, now.kept7.of),
      beside: was(sayRate(before.kept7.kept, before.kept7.of)),
    },
    {
      key: 'messages',
      value: now.messages === null ? '—' : sayCount(now.messages, language),
      beside: told && now.messages !== null && before.messages !== null && (
        <Delta now={now.messages} before={before.messages} />
      ),
    },
    { key: 'replyShare', value: sayShare(now.replyShare), beside: told && was(sayShare(before.replyShare)) },
    {
      key: 'firstReplyMinutes',
      value: sayMinutes(now.firstReplyMinutes, language),
      beside: told && was(sayMinutes(before.firstReplyMinutes, language)),
    },
  ] as const
  return (
    <Panel>
      <ul className={styles.figures} aria-label={t('reports.stats.totals')}>
        {figures.map(({ key, value, beside }) => (
          <li key={key}>
            <div className="small quiet">{t(`reports.column.${key}`)}</div>
            <span className={styles.n}>{value}</span>
            <div>{beside}</div>
          </li>
        ))}
      </ul>
      <p className="small quiet">{t('reports.stats.compare', { days })}</p>
    </Panel>
  )
}
