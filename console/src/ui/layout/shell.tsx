import { Drawer } from 'antd'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'
import { useWaitingExports } from '../../modules/contacts/use-waiting-exports.ts'
import { useTroubles } from '../../modules/health/use-health.ts'
import { useSession } from '../../modules/staff/session.ts'
import { ViewingBar } from '../../modules/staff/viewing-bar.tsx'
import { PageBoundary } from '../page-boundary.tsx'
import { SkeletonRows } from '../states.tsx'
import { Nav } from './nav.tsx'
import { NavSheetContext } from './nav-sheet.ts'
import styles from './shell.module.css'

/** Navigation at the left, the page at the right; on a phone the navigation is a sheet. */
export function Shell() {
  const { t } = useTranslation()
  const { permissions } = useSession()
  const { pathname } = useLocation()
  const [open, setOpen] = useState(false)
  const troubles = useTroubles(permissions.includes('health.read'))
  const waiting = useWaitingExports(permissions.includes('contacts.approve'))
  const calls = { settings: troubles, contacts: waiting }
  return (
    <NavSheetContext value={() => setOpen(true)}>
      <a href="#page" className={styles.skip}>
        {t('nav.skip')}
      </a>
      <div className={styles.shell}>
        <div className={styles.side}>
          <Nav calls={calls} />
        </div>
        <main id="page" className={styles.content}>
          <ViewingBar />
          <PageBoundary key={pathname}>
            <Suspense fallback={<SkeletonRows />}>
              <Outlet />
            </Suspense>
          </PageBoundary>
        </main>
      </div>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={288}
        closable={false}
        aria-label={t('nav.label')}
        styles={{ body: { padding: 0, background: 'var(--s-page)' } }}
      >
        <div className={styles.sheet}>
          <Nav calls={calls} onGo={() => setOpen(false)} />
        </div>
      </Drawer>
    </NavSheetContext>
  )
}
