import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'
import { useNow } from '../../ui/clock.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { languageOf, saySpan } from '../../ui/time-words.ts'
import styles from './health.module.css'

type Run = Answer<'/api/sync'>[number]
const RUNNING_EVERY_MS = 1_500
const RUNS_SHOWN = 4
const STEPS = ['address_book', 'tags', 'customers', 'sweep'] as const

/** Reading everything WeCom has: how far it is, the way to stop it, and what the last runs found. */
export function SyncPanel({ mayAct }: { mayAct: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const runs = api.useQuery(
    'get',
    '/api/sync',
    {},
    {
      refetchInterval: ({ state }) => (state.data?.some((run) => run.state === 'running') ? RUNNING_EVERY_MS : 30_000),
    },
  )
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/sync'] })
  const start = api.useMutation('post', '/api/sync', {
    onError,
    onSuccess: () => {
      void refresh()
      void message.success(t('health.syncStarted'))
    },
  })
  const cancel = api.useMutation('post', '/api/sync/cancel', {
    onError,
    onSuccess: () => {
      void refresh()
      void message.success(t('health.syncCancelled'))
    },
  })
  const running = runs.data?.find((run) => run.state === 'running')
  const last = runs.data?.find((run) => run.state === 'finished')
  const button = !mayAct ? undefined : running ? (
    <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate({})}>
      {t('health.syncCancel')}
    </Button>
  ) : (
    <Button
      size="small"
      icon={<Icon name="refresh" size={13} />}
      loading={start.isPending}
      onClick={() => start.mutate({})}
    >
      {t('health.syncStart')}
    </Button>
  )
  return (
    <Panel
      title={t('health.sync')}
      sub={
        last?.finishedAt ? (
          <>
            {t('health.syncLast')} <Ago at={last.finishedAt} />
          </>
        ) : undefined
      }
      extra={button}
    >
      <Loaded query={runs} what={t('health.sync')} skeleton={<SkeletonBlock height={60} />}>
        {(all) => (
          <div className={styles.sync}>
            {running && <Progress run={running} />}
            {all.length === 0 && <p className="soft">{t('health.syncNever')}</p>}
            {all.some((run) => run !== running) && (
              <ul className={styles.runs} style={running ? undefined : { marginTop: 0, borderTop: 0 }}>
                {all
                  .filter((run) => run !== running)
                  .slice(0, RUNS_SHOWN)
                  .map((run) => (
                    <PastRun key={run.syncRunId} run={run} />
                  ))}
              </ul>
            )}
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

function useStepWords(): (step: string) => string {
  const { t } = useTranslation()
  return (step) => {
    const known = STEPS.find((one) => one === step)
    return known ? t(`health.syncStep.${known}`) : step
  }
}

function Progress({ run }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const sayStep = useStepWords()
  const share = run.total ? Math.min(1, run.done / run.total) : undefined
  const left =
    share && share > 0.05 ? ((now.getTime() - new Date(run.startedAt).getTime()) * (1 - share)) / share : undefined
  return (
    <div className={styles.sync} role="status">
      <div>
        <span className={styles.n}>{sayStep(run.step)}</span>{' '}
        <span className="soft">
          {run.total !== null && run.total > 0 && t('health.syncCount', { done: run.done, total: run.total })}{' '}
          {run.rowsRead > 0 && t('health.syncRows', { n: sayCount(run.rowsRead) })}{' '}
          {left !== undefined && left > 1000 && t('health.syncLeft', { span: saySpan(left, languageOf(i18n)) })}
        </span>
      </div>
      <div
        className={`${styles.track} ${share === undefined ? styles.unsure : ''}`}
        role="progressbar"
        aria-label={t('health.syncRunning')}
        aria-valuemin={0}
        aria-valuemax={run.total ?? undefined}
        aria-valuenow={share === undefined ? undefined : run.done}
      >
        <i className={styles.fill} style={share === undefined ? undefined : { width: `${share * 100}%` }} />
      </div>
      <p className="small quiet">{t('health.syncLeave')}</p>
    </div>
  )
}

function PastRun({ run }: { run: Run }) {
  const { t, i18n } = useTranslation()
  const changed = Object.values(run.changes).reduce((sum, n) => sum + n, 0)
  const took = run.finishedAt ? new Date(run.finishedAt).getTime() - new Date(run.startedAt).getTime() : undefined
  return (
    <li>
      <span>
        <Moment at={run.startedAt} />
      </span>
      <span>{t(`health.syncKind.${run.kind}`)}</span>
      <span className={run.state === 'failed' ? 'bad' : undefined}>
        {t(`health.syncState.${run.state}`)}
        {run.state === 'finished' &&
          `，${changed > 0 ? t('health.syncChanged', { n: sayCount(changed) }) : t('health.syncSame')}`}
        {run.cause && ` · ${run.cause}`}
      </span>
      <span className="quiet">
        {t('health.syncRows', { n: sayCount(run.rowsRead) })}
        {took !== undefined && `，${t('health.syncTook', { span: saySpan(Math.max(0, took), languageOf(i18n)) })}`}
      </span>
    </li>
  )
}
