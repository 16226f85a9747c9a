import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { nameBrowser } from './name-browser.ts'
import { useFreshStart } from './session.ts'
import styles from './staff.module.css'

/** Where a member is signed in, the way to end it all, and to look at the console as he sees it. */
export function MemberSignIns({ staffId, name }: { staffId: string; name: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const start = useFreshStart()
  const params = { path: { staffId } }
  const sessions = api.useQuery('get', '/api/staff/{staffId}/sessions', { params })
  const end = api.useMutation('delete', '/api/staff/{staffId}/sessions', {
    onError,
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/staff/{staffId}/sessions'] })
      void message.success(t('viewAs.ended', { name }))
    },
  })
  const look = api.useMutation('post', '/api/session/view-as', { onError, onSuccess: start })
  return (
    <fieldset className={styles.signIns}>
      <legend>{t('viewAs.signIns')}</legend>
      <Loaded query={sessions} what={t('viewAs.signIns')} skeleton={<SkeletonRows rows={1} avatar={false} />}>
        {(open) =>
          open.length === 0 ? (
            <p className="small quiet">{t('viewAs.nowhere')}</p>
          ) : (
            <>
              <ul className="small">
                {open.map(({ sessionKey, userAgent, ip, seenAt }) => (
                  <li key={sessionKey}>
                    {nameBrowser(userAgent) ?? t('account.someBrowser')} <span className="mono quiet">{ip}</span> ·{' '}
                    {t('account.seenAt')} <Ago at={seenAt} />
                  </li>
                ))}
              </ul>
              <Button size="small" danger loading={end.isPending} onClick={() => end.mutate({ params })}>
                {t('viewAs.endAll')}
              </Button>
            </>
          )
        }
      </Loaded>
      <Button size="small" loading={look.isPending} onClick={() => look.mutate({ body: { staffId } })}>
        {t('viewAs.begin')}
      </Button>
      <p className="small quiet">{t('viewAs.beginWhy')}</p>
    </fieldset>
  )
}
