import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { SkeletonBlock } from '../../ui/states.tsx'
import { Moment } from '../../ui/time.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import { ApprovePanel } from './approve-panel.tsx'
import styles from './broadcasts.module.css'
import { FatePanel } from './fate-panel.tsx'
import { PhonePreview } from './phone-preview.tsx'
import { ProgressPanel } from './progress-panel.tsx'
import { RecipientsPanel } from './recipients-panel.tsx'
import { ResultsPanel } from './results-panel.tsx'
import { RunState } from './run-state.tsx'
import { UnclearPanel } from './unclear-panel.tsx'
import { letterOf, type Results, type Run, refreshBroadcasts, stepsOf, useRun } from './use-broadcasts.ts'

const OPEN: readonly Run['state'][] = ['planning', 'waiting', 'ready', 'sending', 'asked']

/** One run: who was planned, asked, reached, and what it brought; what may still be done about it. */
export function RunPage() {
  const { t } = useTranslation()
  const { runId = '' } = useParams()
  const query = useRun(runId)
  return (
    <Loaded query={query} what={t('broadcasts.run')} skeleton={<SkeletonBlock height={400} />}>
      {(run) => <RunView run={run} />}
    </Loaded>
  )
}

function RunView({ run }: { run: Run }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const onError = useProblemToast()
  const mayWrite = useCan('broadcasts.write')
  const path = { params: { path: { runId: run.runId } } }
  const begun = run.beganAt !== null
  const results = api.useQuery('get', '/api/broadcast-runs/{runId}/results', path, {
    enabled: begun,
    refetchInterval: 30_000,
  })
  const stop = api.useMutation('post', '/api/broadcast-runs/{runId}/stop', { onError, onSettled: refreshBroadcasts })
  const ask = () =>
    modal.confirm({
      title: t('broadcasts.stopTitle'),
      content: t('broadcasts.stopWhy'),
      okText: t('broadcasts.stop'),
      okButtonProps: { danger: true },
      cancelText: t('broadcasts.back'),
      onOk: () => stop.mutateAsync({ ...path, body: {} }),
    })
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('broadcasts.title'), to: '/broadcasts' }]}
        title={run.name}
        meta={
          <>
            <RunState run={run} /> · <Moment at={run.at} /> · {run.askedName}
          </>
        }
      >
        <Button onClick={() => void navigate(`/broadcasts/${run.broadcastId}`)}>{t('broadcasts.seeDraft')}</Button>
        {mayWrite && OPEN.includes(run.state) && (
          <Button danger icon={<Icon name="close" size={14} />} loading={stop.isPending} onClick={() => void ask()}>
            {t('broadcasts.stop')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.page}>
        <Note run={run} />
        {run.state === 'waiting' && <ApprovePanel run={run} />}
        {run.unclear.length > 0 && <UnclearPanel run={run} />}
        {run.people !== null && <Path run={run} results={results.data} />}
        <div className={styles.two}>
          <div className={styles.column}>
            {begun && <ResultsPanel query={results} run={run} />}
            {run.people !== null && <ProgressPanel run={run} />}
            {run.people !== null && <RecipientsPanel run={run} />}
          </div>
          <div className={styles.column}>
            {run.people !== null && <FatePanel run={run} />}
            {run.variants.map((variant, nr) => (
              <Panel
                key={letterOf(nr)}
                title={
                  run.variants.length > 1 ? t('broadcasts.variantOf', { letter: letterOf(nr) }) : t('broadcasts.phone')
                }
              >
                <PhonePreview
                  variant={{
                    text: variant.text,
                    materialIds: variant.attachments.map(({ materialId }) => materialId),
                  }}
                />
              </Panel>
            ))}
          </div>
        </div>
      </div>
    </>
  )
}

/** What stands in the way, or how it ended, in a sentence. */
function Note({ run }: { run: Run }) {
  const { t } = useTranslation()
  const says = (() => {
    if (run.state === 'planning') return t('broadcasts.note.planning')
    if (run.state === 'failed') return run.cause ?? ''
    if (run.state === 'refused')
      return t('broadcasts.note.refused', { name: run.approvedName ?? '', note: run.note || '—' })
    if (run.state === 'lapsed') return t('broadcasts.note.lapsed')
    if (run.state === 'stopped')
      return run.cause === 'broadcasts.snapshot_differs'
        ? t('broadcasts.note.differs')
        : t('broadcasts.note.stopped', { name: run.cause ?? '' })
    if (run.notBefore && new Date(run.notBefore) > new Date()) return t('broadcasts.note.waits')
    return undefined
  })()
  if (!says) return null
  const bad = run.state === 'failed' || run.state === 'refused' || run.cause === 'broadcasts.snapshot_differs'
  return (
    <p className={bad ? 'bad' : 'soft'} role="status">
      {says}
      {(run.state === 'failed' || run.state === 'refused') && (
        <>
          {' '}
          <Link to={`/broadcasts/${run.broadcastId}`}>{t('broadcasts.note.edit')}</Link>
        </>
      )}
    </p>
  )
}

function Path({ run, results }: { run: Run; results: Results | undefined }) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const { picked, planned, asked, sent } = stepsOf(run)
  const buyers = results?.all.buyers ?? 0
  const steps = [
    { key: 'planned' as const, n: planned, of: picked, more: t('broadcasts.path.ofPicked', { n: count(picked) }) },
    { key: 'asked' as const, n: asked, of: planned, more: t('broadcasts.path.members', { ...run.members }) },
    { key: 'sent' as const, n: sent, of: planned, more: sayRate(sent, planned) },
    {
      key: 'ordered' as const,
      n: buyers,
      of: Math.max(sent, 1),
      more: results ? sayYuan(results.all.amountFen) : '—',
    },
  ]
  return (
    <ol className={styles.path} aria-label={t('broadcasts.path.label')}>
      {steps.map(({ key, n, of, more }) => (
        <li key={key} data-testid={`path-${key}`}>
          <span className="quiet">{t(`broadcasts.path.${key}`)}</span>
          <b>{count(n)}</b>
          <small className="soft">{more}</small>
          <i style={{ width: `${Math.min(100, (n / Math.max(of, 1)) * 100)}%` }} />
        </li>
      ))}
    </ol>
  )
}
