import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Moment } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './broadcasts.module.css'
import { type Run, refreshBroadcasts } from './use-broadcasts.ts'

/** Tasks nobody can tell of whether WeCom has them: somebody looks at the member's phone and says so. */
export function UnclearPanel({ run }: { run: Run }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const may = useCan('broadcasts.approve')
  const resolve = api.useMutation('post', '/api/broadcast-runs/{runId}/chunks/{number}/resolve', {
    onError,
    onSettled: refreshBroadcasts,
  })
  const say = (number: number, as: 'taken' | 'again') =>
    resolve.mutate({ params: { path: { runId: run.runId, number } }, body: { as } })
  return (
    <Panel title={t('broadcasts.unclear.title')} sub={t('broadcasts.unclear.why')}>
      <ul className={styles.unclear}>
        {run.unclear.map(({ number, staffName, people, sendingAt }) => (
          <li key={number}>
            <span>
              <b>{staffName}</b> · {t('broadcasts.unclear.people', { count: people })} · <Moment at={sendingAt} />
            </span>
            {may && (
              <>
                <Button size="small" loading={resolve.isPending} onClick={() => say(number, 'taken')}>
                  {t('broadcasts.unclear.taken')}
                </Button>
                <Button size="small" loading={resolve.isPending} onClick={() => say(number, 'again')}>
                  {t('broadcasts.unclear.again')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
