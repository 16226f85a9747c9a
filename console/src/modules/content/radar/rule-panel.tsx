import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Panel } from '../../../ui/panel.tsx'
import { useMayAutoTag } from '../../auto-tags/auto-tags-page.tsx'
import { OPENED_ASKS } from '../../segments/opened-rule.ts'
import { useCan } from '../../staff/session.ts'
import styles from './radar.module.css'

/** Where rules over a material's readings begin: the one language of rules, filled in for it. */
export function RulePanel({ materialId, title, kind }: { materialId: string; title: string; kind: string }) {
  const { t } = useTranslation()
  const mayTag = useMayAutoTag()
  const mayGather = useCan('segments.write')
  if (!mayTag && !mayGather) return null
  const asks = OPENED_ASKS.filter((ask) => ask !== 'depth' || !['link', 'product', 'mini_program'].includes(kind))
  return (
    <Panel title={t('radar.rules.title')} sub={t('radar.rules.sub')}>
      <ul className={styles.rules}>
        {asks.map((ask) => {
          const query = new URLSearchParams({ opened: materialId, ask, name: title })
          return (
            <li key={ask}>
              <b>{t(`radar.rules.${ask}`)}</b>
              <small>{t(`radar.rules.${ask}Why`)}</small>
              <span>
                {mayTag && <Link to={`/auto-tags/new?${query}`}>{t('radar.rules.tag')}</Link>}
                {mayGather && <Link to={`/segments/new?${query}`}>{t('radar.rules.gather')}</Link>}
              </span>
            </li>
          )
        })}
      </ul>
      <p className={styles.note}>{t('radar.rules.note')}</p>
    </Panel>
  )
}
