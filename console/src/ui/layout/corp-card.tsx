import { Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { useFreshStart, useSession } from '../../modules/staff/session.ts'
import { Icon } from '../icon.tsx'
import { useProblemToast } from '../problem-toast.ts'
import styles from './shell.module.css'

/** Which company this is; with more than one, the way to the others. */
export function CorpCard() {
  const { t } = useTranslation()
  const { corp, corps } = useSession()
  const start = useFreshStart()
  const onError = useProblemToast()
  const switchCorp = api.useMutation('post', '/api/session/corp', { onSuccess: start, onError })
  const face = (
    <>
      <span className={styles.seal} aria-hidden>
        {[...corp.name][0]}
      </span>
      <span className={styles.who}>
        <b title={corp.name}>{corp.name}</b>
        <small>{corp.simulated ? t('account.simulated') : corp.wecomCorpid}</small>
      </span>
    </>
  )
  if (corps.length < 2) return <div className={styles.corp}>{face}</div>
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [corp.corpId],
        items: corps.map(({ corpId, name }) => ({ key: corpId, label: name })),
        onClick: ({ key }) => key !== corp.corpId && switchCorp.mutate({ body: { corpId: key } }),
      }}
    >
      <button
        type="button"
        className={styles.corp}
        aria-label={t('account.switchCorp')}
        disabled={switchCorp.isPending}
      >
        {face}
        <span className={styles.hint}>
          <Icon name="swap" size={14} />
        </span>
      </button>
    </Dropdown>
  )
}
