import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { useCan } from '../staff/session.ts'
import styles from './broadcasts.module.css'
import { type Run, refreshBroadcasts } from './use-broadcasts.ts'

type Member = Run['progress'][number]

/** How far each member is with his tasks, and what may be done about it. */
export function ProgressPanel({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const mayWrite = useCan('broadcasts.write')
  const remind = api.useMutation('post', '/api/broadcast-runs/{runId}/remind', {
    onError,
    onSettled: refreshBroadcasts,
  })
  const stop = api.useMutation('post', '/api/broadcast-runs/{runId}/stop', { onError, onSettled: refreshBroadcasts })
  const path = { params: { path: { runId: run.runId } } }
  const say = (staffId?: string) =>
    remind.mutate(
      { ...path, body: staffId ? { staffId } : {} },
      { onSuccess: () => void message.success(t('broadcasts.reminded')) },
    )
  const anyOpen = run.progress.some(({ open }) => open)
  const bar = (row: Member) => (
    <ProgressBar
      label={row.name}
      done={row.sent}
      total={row.people}
      said={t('broadcasts.progressSays', { sent: row.sent, people: row.people })}
      failed={!row.open && row.sent === 0 && run.beganAt !== null && row.failed > 0}
    />
  )
  const columns: Column<Member>[] = [
    {
      key: 'name',
      title: t('broadcasts.member'),
      width: 150,
      cell: (row) => (
        <span className={styles.act}>
          <Avatar name={row.name} src={row.avatar} />
          {row.name}
        </span>
      ),
    },
    { key: 'bar', title: t('broadcasts.reachedOf'), cell: bar },
    {
      key: 'tasks',
      title: t('broadcasts.tasks'),
      width: 84,
      align: 'right',
      cell: (row) => `${row.tasksSent} / ${row.tasks}`,
    },
    {
      key: 'last',
      title: t('broadcasts.lastSent'),
      width: 108,
      cell: (row) => (row.lastSentAt ? <Ago at={row.lastSentAt} /> : <span className="quiet">—</span>),
    },
    {
      key: 'act',
      title: t('fields.column.act'),
      width: 150,
      align: 'right',
      cell: (row) =>
        mayWrite &&
        row.open && (
          <>
            <Button
              size="small"
              type="link"
              disabled={row.remindersLeft === 0}
              title={t('broadcasts.remindersLeft', { count: row.remindersLeft })}
              onClick={() => say(row.staffId)}
            >
              {t('broadcasts.remind')}
            </Button>
            <Button
              size="small"
              type="link"
              danger
              onClick={() => stop.mutate({ ...path, body: { staffId: row.staffId } })}
            >
              {t('broadcasts.stopOne')}
            </Button>
          </>
        ),
    },
  ]
  return (
    <Panel
      edge
      title={t('broadcasts.progress')}
      sub={t('broadcasts.progressOf', { ...run.members })}
      extra={
        mayWrite &&
        anyOpen && (
          <Button size="small" loading={remind.isPending} onClick={() => say()}>
            {t('broadcasts.remindAll')}
          </Button>
        )
      }
    >
      {run.progress.length === 0 ? (
        <EmptyState small icon="people" title={t('broadcasts.noMembers')} />
      ) : (
        <ListTable
          rows={run.progress}
          columns={columns}
          rowKey={({ staffId }) => staffId}
          label={t('broadcasts.progress')}
          minWidth={560}
          card={(row) => (
            <span className={styles.rowCard}>
              <span className={styles.cardHead}>
                <b>{row.name}</b>
                {mayWrite && row.open && (
                  <Button size="small" disabled={row.remindersLeft === 0} onClick={() => say(row.staffId)}>
                    {t('broadcasts.remind')}
                  </Button>
                )}
              </span>
              {bar(row)}
            </span>
          )}
        />
      )}
    </Panel>
  )
}
