import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../api/client.ts'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './segments.module.css'

const SHOWN = 8

/** Which other segments hold the same people: who is reached by one may be reached by the other too. */
export function OverlapPanel({ segmentId, members }: { segmentId: string; members: number }) {
  const { t, i18n } = useTranslation()
  const found = api.useQuery('get', '/api/segments/{segmentId}/overlaps', { params: { path: { segmentId } } })
  const shared = found.data?.items.filter((one) => one.both > 0).slice(0, SHOWN) ?? []
  if (shared.length === 0 || members === 0) return null
  return (
    <Panel title={t('segments.overlaps')} sub={t('segments.overlapsWhy')}>
      <ol className={styles.funnel}>
        {shared.map((one) => (
          <li key={one.segmentId}>
            <span>
              <Link to={`/segments/${one.segmentId}`}>{one.name}</Link>
            </span>
            <i style={{ width: `${Math.max(1, (one.both / members) * 100)}%` }} />
            <b>{sayCount(one.both, languageOf(i18n))}</b>
            <small className="quiet">{sayRate(one.both, members)}</small>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
