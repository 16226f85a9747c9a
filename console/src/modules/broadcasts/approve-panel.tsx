import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './broadcasts.module.css'
import { type Run, refreshBroadcasts } from './use-broadcasts.ts'

/** Another person's word on exactly what is shown here. */
export function ApprovePanel({ run }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const mayApprove = useCan('broadcasts.approve')
  const [note, setNote] = useState('')
  const decide = api.useMutation('post', '/api/broadcast-runs/{runId}/decide', {
    onError,
    onSettled: refreshBroadcasts,
  })
  const say = (approve: boolean) =>
    decide.mutate(
      { params: { path: { runId: run.runId } }, body: { hash: run.hash ?? '', approve, note } },
      { onSuccess: () => void message.success(t(approve ? 'broadcasts.approve.yes' : 'broadcasts.approve.no')) },
    )
  return (
    <Panel title={t('broadcasts.approve.title')}>
      <div className={styles.fields}>
        <p>
          {t('broadcasts.approve.says', { name: run.askedName, n: sayCount(run.people ?? 0, languageOf(i18n)) })}{' '}
          <Moment at={run.at} />
        </p>
        <p className="quiet small">
          {t('broadcasts.approve.mark')} <span className="mono">{run.hash?.slice(0, 16)}</span>
        </p>
        {mayApprove && !run.own ? (
          <>
            <Input
              value={note}
              maxLength={200}
              aria-label={t('broadcasts.approve.note')}
              placeholder={t('broadcasts.approve.note')}
              onChange={({ target }) => setNote(target.value)}
            />
            <div className={styles.act}>
              <Button type="primary" loading={decide.isPending} onClick={() => say(true)}>
                {t('broadcasts.approve.agree')}
              </Button>
              <Button danger loading={decide.isPending} onClick={() => say(false)}>
                {t('broadcasts.approve.refuse')}
              </Button>
            </div>
          </>
        ) : (
          <p className="soft">{t(run.own ? 'broadcasts.approve.own' : 'broadcasts.approve.other')}</p>
        )}
      </div>
    </Panel>
  )
}
