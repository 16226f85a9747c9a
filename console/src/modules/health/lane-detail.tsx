import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState } from '../../ui/states.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { sayFull } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './health.module.css'
import type { Failure, Lane } from './use-health.ts'

interface Props {
  lane: Lane
  failures: Failure[]
  chosen: string | undefined
  onChoose: (failureId: string) => void
}

/** What is wrong with a lane in plain words; one failure at a time, the open ones first. */
export function LaneDetail({ lane, failures, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const open = failures.filter(({ resolvedAt }) => resolvedAt === null)
  const shown = failures.find(({ failureId }) => failureId === chosen) ?? open[0]
  if (!shown) {
    return lane.state === 'idle' ? (
      <EmptyState icon="clock" title={t('health.laneIdle')} why={t('health.laneIdleWhy')} />
    ) : (
      <EmptyState icon="check" title={t('health.laneFine')} why={t('health.laneFineWhy')} />
    )
  }
  const others = failures.filter((one) => one !== shown)
  return (
    <>
      <FailureStory failure={shown} />
      {others.length > 0 && (
        <div className={styles.section}>
          <h3>{t('health.otherFailures')}</h3>
          <ul className={styles.others}>
            {others.map((one) => (
              <li key={one.failureId}>
                <button type="button" onClick={() => onChoose(one.failureId)}>
                  <span className="clip">{one.title}</span>
                  <span className="quiet small">
                    <Ago at={one.lastAt} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Technical failure={shown} />
    </>
  )
}

function FailureStory({ failure }: { failure: Failure }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const mayAct = useCan('health.act')
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/health'] })
  const check = api.useMutation('post', '/api/health/check', {
    onError,
    onSuccess: (data) => {
      queryClient.setQueryData(['get', '/api/health', {}], data)
      void message.success(t('health.rechecked'))
    },
  })
  const replay = api.useMutation('post', '/api/health/failures/{failureId}/replay', {
    onError,
    onSuccess: () => {
      void refresh()
      void message.success(t('health.replayed'))
    },
  })
  return (
    <>
      <div className={styles.section}>
        <h2>{failure.title}</h2>
        <p className="soft">
          {failure.meaning}。{t('health.since')} <Moment at={failure.firstAt} />
          {failure.times > 1 && `，${t('health.times', { n: failure.times })}`}
          {failure.resolvedAt && (
            <>
              ，<Moment at={failure.resolvedAt} /> {t('health.fixed')}
            </>
          )}
        </p>
        <dl className={styles.touch}>
          <div>
            <dt>{t('health.affects')}</dt>
            <dd>{failure.affects}</dd>
          </div>
          <div>
            <dt>{t('health.safe')}</dt>
            <dd>{failure.safe}</dd>
          </div>
        </dl>
      </div>
      {!failure.resolvedAt && (
        <div className={styles.section}>
          <h3>{t('health.steps')}</h3>
          <ol className={styles.steps}>
            {failure.steps.map((step, index) => (
              <li key={step}>
                <i>{index + 1}</i>
                <p>{step}</p>
              </li>
            ))}
          </ol>
          {mayAct ? (
            <div className={styles.buttons}>
              <Button
                type="primary"
                icon={<Icon name="refresh" size={14} />}
                loading={check.isPending}
                onClick={() => check.mutate({})}
              >
                {t('health.check')}
              </Button>
              <Button
                icon={<Icon name="play" size={14} />}
                disabled={!failure.replayable}
                loading={replay.isPending}
                onClick={() => replay.mutate({ params: { path: { failureId: failure.failureId } } })}
              >
                {t('health.replay')}
              </Button>
              {!failure.replayable && <span className="small quiet">{t('health.noReplay')}</span>}
            </div>
          ) : (
            <p className="small quiet">{t('health.act')}</p>
          )}
        </div>
      )}
    </>
  )
}

function Technical({ failure }: { failure: Failure }) {
  const { t } = useTranslation()
  const lines: [string, string][] = [
    [t('health.cause'), failure.cause],
    [t('health.subject'), failure.subject],
    [t('health.tried'), t('health.times', { n: failure.times })],
    [t('health.firstAt'), sayFull(new Date(failure.firstAt))],
    [t('health.lastAt'), sayFull(new Date(failure.lastAt))],
    ...Object.entries(failure.detail)
      .filter(([, value]) => value !== null && value !== '')
      .map(([key, value]): [string, string] => [key, String(value)]),
  ]
  return (
    <details className={styles.technical} open={failure.resolvedAt === null}>
      <summary>{t('health.technical')}</summary>
      <dl>
        {lines.map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{key}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <CopyButton
        label={t('health.copyAll')}
        text={[failure.title, ...lines.map(([key, value]) => `${key}: ${value}`)].join('\n')}
      />
    </details>
  )
}
