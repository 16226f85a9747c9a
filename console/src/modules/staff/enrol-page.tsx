import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Mark } from '../../ui/layout/brand.tsx'
import { FactorPanel } from './factor-panel.tsx'
import { useFreshStart, useSessionQuery } from './session.ts'
import styles from './staff.module.css'

/** Where the corp asks for a second factor: setting it up comes before everything else. */
export function EnrolPage() {
  const { t } = useTranslation()
  const session = useSessionQuery()
  const start = useFreshStart()
  const signOut = api.useMutation('delete', '/api/session', { onSettled: start })
  return (
    <main className={styles.enrol}>
      <title>{`${t('enrol.title')} · Siyu 私域`}</title>
      <header>
        <Mark />
        <h1>{t('enrol.title')}</h1>
      </header>
      <p className="soft">{t('enrol.why', { corp: session.data?.corp.name ?? '' })}</p>
      <FactorPanel />
      <div className={styles.buttons}>
        <Button type="primary" loading={session.isFetching} onClick={() => void session.refetch()}>
          {t('enrol.go')}
        </Button>
        <Button onClick={() => signOut.mutate({})}>{t('account.signOut')}</Button>
      </div>
    </main>
  )
}
