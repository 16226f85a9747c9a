import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/states.tsx'
import styles from './home.module.css'
import type { Home } from './home-page.tsx'

export function CodeRanks({ codes }: { codes: Home['codes'] }) {
  const { t } = useTranslation()
  return (
    <Panel
      edge
      title={t('home.codes')}
      sub={t('home.codesSub')}
      extra={<Link to="/channels">{t('actions.showAll')}</Link>}
    >
      {codes.length === 0 ? (
        <EmptyState
          icon="qr"
          title={t('home.codesNone')}
          why={t('home.codesNoneWhy')}
          action={
            <Link to="/channels">
              <Button>{t('home.toCodes')}</Button>
            </Link>
          }
        />
      ) : (
        <Ranks
          items={codes.map(({ channelCodeId, name, adds }) => ({
            key: channelCodeId,
            label: <Link to={`/channels/${channelCodeId}`}>{name}</Link>,
            n: adds,
          }))}
        />
      )}
    </Panel>
  )
}

export function StaffRanks({ staff }: { staff: Home['staff'] }) {
  const { t } = useTranslation()
  return (
    <Panel edge title={t('home.staff')} sub={t('home.staffSub')}>
      {staff.length === 0 ? (
        <EmptyState icon="people" title={t('home.staffNone')} />
      ) : (
        <Ranks
          items={staff.map(({ staffId, name, added }) => ({
            key: staffId,
            label: <Link to={`/contacts?staff=${staffId}`}>{name}</Link>,
            n: added,
          }))}
        />
      )}
    </Panel>
  )
}

/** Bars on one scale, the number at the right. */
function Ranks({ items }: { items: { key: string; label: ReactNode; n: number }[] }) {
  const { t } = useTranslation()
  const top = Math.max(1, ...items.map(({ n }) => n))
  return (
    <ul className={styles.ranks}>
      {items.map(({ key, label, n }) => (
        <li key={key}>
          <span className="clip">{label}</span>
          <span className={styles.bar}>
            <i style={{ width: `${(n / top) * 100}%` }} />
          </span>
          <span className={styles.n}>{t('home.people', { n })}</span>
        </li>
      ))}
    </ul>
  )
}
