import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useSession } from '../../modules/staff/session.ts'
import { Icon } from '../icon.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Mark } from './brand.tsx'
import { CorpCard } from './corp-card.tsx'
import { isUnder, type NavEntry, navFor } from './nav-entries.ts'
import styles from './shell.module.css'

export type Calls = Partial<Record<NavEntry['word'], number>>

/** `calls`: by entry, how much there waits for somebody: broken lanes under settings, exports to decide under contacts. */
export function Nav({ calls, onGo }: { calls: Calls; onGo?: () => void }) {
  const { t } = useTranslation()
  const { permissions, corp } = useSession()
  return (
    <>
      <Link to="/" className={styles.brand} onClick={onGo} aria-label="Siyu 私域">
        <Mark />
        <span>Siyu</span> <small>私域</small>
      </Link>
      <CorpCard />
      <nav className={styles.nav} aria-label={t('nav.label')}>
        {navFor(permissions).map((entry) => (
          <Entry key={entry.word} entry={entry} calls={calls[entry.word] ?? 0} onGo={onGo} />
        ))}
        <span className="spring" />
        {corp.simulated && (
          <a className={styles.entry} href="/world" target="_blank" rel="noreferrer" title={t('nav.world')}>
            <Icon name="phone" size={18} />
            <span className={styles.words}>{t('nav.world')}</span>
            <span className={`${styles.words} ${styles.hint}`} style={{ marginLeft: 'auto' }}>
              <Icon name="out" size={13} />
            </span>
          </a>
        )}
      </nav>
      <AccountMenu onGo={onGo} />
    </>
  )
}

function Entry({ entry, calls, onGo }: { entry: NavEntry; calls: number; onGo: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const within = entry.children ? entry.children.some((child) => isUnder(pathname, child.to)) : false
  const here = !entry.children && isUnder(pathname, entry.to)
  const word = t(`nav.${entry.word}`)
  return (
    <>
      <Link
        to={entry.to}
        className={`${styles.entry} ${within ? styles.within : ''}`}
        aria-current={here ? 'page' : undefined}
        title={word}
        onClick={onGo}
      >
        <Icon name={entry.icon} size={18} />
        <span className={styles.words}>{word}</span>
        {calls > 0 && (
          <span
            className={styles.badge}
            role="img"
            aria-label={t(entry.word === 'settings' ? 'nav.problems' : 'nav.waiting', { count: calls })}
          >
            {calls}
          </span>
        )}
        {calls > 0 && <span className={styles.dot} />}
      </Link>
      {within && (
        <div className={styles.children}>
          {entry.children?.map((child) => (
            <Link
              key={child.to}
              to={child.to}
              className={styles.entry}
              aria-current={isUnder(pathname, child.to) ? 'page' : undefined}
              onClick={onGo}
            >
              <span className={styles.words}>{t(`nav.${child.word}`)}</span>
            </Link>
          ))}
        </div>
      )}
    </>
  )
}
