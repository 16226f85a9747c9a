import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { sayRole } from './role-words.ts'
import { useFreshStart, useSession } from './session.ts'
import styles from './staff.module.css'

/** As long as somebody looks as a colleague: who, that nothing can be changed, and the way back. */
export function ViewingBar() {
  const { t } = useTranslation()
  const { viewing, role, roleName } = useSession()
  const start = useFreshStart()
  const onError = useProblemToast()
  const end = api.useMutation('delete', '/api/session/view-as', { onSuccess: start, onError })
  if (!viewing) return null
  return (
    <div className={styles.viewing} role="status">
      <Icon name="people" size={16} />
      <span>
        <b>{t('viewAs.as', { name: viewing.name, role: sayRole(t, role, roleName) })}</b> {t('viewAs.why')}
      </span>
      <Button size="small" loading={end.isPending} onClick={() => end.mutate({})}>
        {t('viewAs.end')}
      </Button>
    </div>
  )
}
