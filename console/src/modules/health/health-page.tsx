import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useNow } from '../../ui/clock.ts'
import { Dock, Split } from '../../ui/dock.tsx'
import { HealthMark, HealthTicks } from '../../ui/health-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { EmptyState, SkeletonRows } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { languageOf, sayAgo, sayFull, sayMoment, saySpan } from '../../ui/time-words.ts'
import { useCan } from '../staff/session.ts'
import styles from './health.module.css'
import { LaneDetail } from './lane-detail.tsx'
import { SyncPanel } from './sync-panel.tsx'
import { type Failure, type Health, type Lane, useHealth } from './use-health.ts'

/** The server counts what waits up to here. */
const WAITING_COUNTED_MAX = 1_000

export function HealthPage() {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const now = useNow()
  const health = useHealth()
  const onError = useProblemToast()
  const mayAct = useCan('health.act')
  const [params, setParams] = useSearchParams()
  const check = api.useMutation('post', '/api/health/check', {
    onError,
    onSuccess(data) {
      queryClient.setQueryData(['get', '/api/health', {}], data)
      void message.success(t('health.rechecked'))
    },
  })
  const laneName = params.get('lane')
  const lane = health.data?.lanes.find((one) => one.lane === laneName)
  const open = (to: { lane?: string; failure?: string }) =>
    setParams(new URLSearchParams(to), { replace: laneName !== null })
  const lanes = health.data ? sortLanes(health.data.lanes) : []
  const at = lanes.findIndex((one) => one.lane === laneName)
  const neighbour = (step: number) => {
    const to = lanes[at + step]
    return at >= 0 && to ? () => open({ lane: to.lane }) : undefined
  }
  const dock = lane && health.data && (
    <Dock
      label={t(`health.lane.${lane.lane}`)}
      onClose={() => open({})}
      onStep={{ up: neighbour(-1), down: neighbour(1) }}
      head={
        <HealthMark state={lane.state}>
          {t(`health.lane.${lane.lane}`)} · {t(`health.state.${lane.state}`)}
        </HealthMark>
      }
    >
      <LaneDetail
        key={lane.lane}
        lane={lane}
        failures={health.data.failures.filter((one) => one.lane === lane.lane)}
        chosen={params.get('failure') ?? undefined}
        onChoose={(failure) => open({ lane: lane.lane, failure })}
      />
    </Dock>
  )
  return (
    <Split dock={dock}>
      <PageHeader
        crumbs={[{ label: t('nav.settings') }]}
        title={t('health.title')}
        meta={
          health.data && t('health.checked', { when: sayAgo(new Date(health.data.checkedAt), now, languageOf(i18n)) })
        }
      >
        {mayAct && (
          <Button icon={<Icon name="refresh" size={14} />} loading={check.isPending} onClick={() => check.mutate({})}>
            {t('health.recheck')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.scroll}>
        <Loaded
          query={health}
          what={t('health.title')}
          skeleton={
            <Panel edge>
              <SkeletonRows avatar={false} />
            </Panel>
          }
        >
          {(data) => (
            <div style={{ display: 'grid', gap: 12 }}>
              <Summary lanes={data.lanes} />
              <Panel edge>
                <Lanes lanes={lanes} openKey={lane?.lane} onOpen={(name) => open({ lane: name })} />
              </Panel>
              <SyncPanel mayAct={mayAct} />
              <Recent
                failures={data.failures}
                onOpen={({ lane: of, failureId }) => open({ lane: of, failure: failureId })}
              />
            </div>
          )}
        </Loaded>
      </div>
    </Split>
  )
}

const RANK = { broken: 0, slow: 1, ok: 2, idle: 3 }
/** What wants attention first; else the server's order. */
const sortLanes = (lanes: Lane[]): Lane[] => lanes.toSorted((a, b) => RANK[a.state] - RANK[b.state])

function Summary({ lanes }: { lanes: Lane[] }) {
  const { t } = useTranslation()
  const waiting = lanes.reduce((n, lane) => n + lane.waiting, 0)
  const states = (['broken', 'slow', 'ok', 'idle'] as const)
    .map((state) => ({ state, of: lanes.filter((lane) => lane.state === state) }))
    .filter(({ state, of }) => of.length > 0 || state === 'ok')
  return (
    <div className={styles.summary}>
      {states.map(({ state, of }) => (
        <div key={state}>
          <span>
            <b className={state === 'broken' ? 'bad' : state === 'slow' ? 'warn' : undefined}>{of.length}</b>
            {t(`health.summary.${state}`)}
          </span>
          {(state === 'broken' || state === 'slow') && (
            <small>{of.map(({ lane }) => t(`health.lane.${lane}`)).join('、')}</small>
          )}
        </div>
      ))}
      <div>
        <span>
          <b>{waiting}</b>
          {t('health.summary.waiting')}
        </span>
        <small>{waiting > 0 ? t('health.summary.waitingWhy') : t('health.summary.waitingNone')}</small>
      </div>
    </div>
  )
}

function Lanes({
  lanes,
  openKey,
  onOpen,
}: {
  lanes: Lane[]
  openKey: string | undefined
  onOpen: (lane: string) => void
}) {
  const { t, i18n } = useTranslation()
  const name = ({ lane, state }: Lane) => (
    <span className={`${styles.lane} ${state === 'idle' ? styles.idle : ''}`}>
      {t(`health.lane.${lane}`)}
      <small>{t(`health.laneWhat.${lane}`)}</small>
    </span>
  )
  const ticks = ({ ticks: all }: Lane) => (
    <HealthTicks
      ticks={all}
      label={t('health.ticksSays', {
        failed: all.filter(({ state }) => state === 'failed').length,
        slow: all.filter(({ state }) => state === 'slow').length,
      })}
    />
  )
  const waiting = ({ waiting: n }: Lane) =>
    n === 0 ? (
      <span className="quiet">0</span>
    ) : (
      <b>
        {n > WAITING_COUNTED_MAX
          ? t('health.waitingFloor', { n: WAITING_COUNTED_MAX })
          : t('health.waitingCount', { n })}
      </b>
    )
  const lag = ({ lagMs, state }: Lane) =>
    lagMs === null || state === 'idle' ? (
      <span className="quiet">—</span>
    ) : (
      <span className={state === 'slow' ? 'warn' : undefined}>{saySpan(lagMs, languageOf(i18n))}</span>
    )
  const success = ({ lastSuccessAt, state }: Lane) =>
    lastSuccessAt ? (
      <span className={state === 'broken' ? 'bad' : undefined}>
        <Ago at={lastSuccessAt} />
      </span>
    ) : (
      <span className="quiet">{t('health.never')}</span>
    )
  const columns: Column<Lane>[] = [
    { key: 'lane', title: t('health.column.lane'), width: '28%', cell: name },
    { key: 'state', title: t('health.column.state'), width: 92, cell: ({ state }) => <HealthMark state={state} /> },
    { key: 'success', title: t('health.column.success'), align: 'right', width: 112, cell: success },
    { key: 'lag', title: t('health.column.lag'), align: 'right', width: 84, cell: lag },
    { key: 'day', title: t('health.column.day'), width: '26%', cell: ticks },
    { key: 'waiting', title: t('health.column.waiting'), align: 'right', cell: waiting },
  ]
  return (
    <ListTable
      rows={lanes}
      columns={columns}
      rowKey={({ lane }) => lane}
      label={t('health.list')}
      openKey={openKey}
      onOpen={({ lane }) => onOpen(lane)}
      minWidth={680}
      card={(lane) => (
        <>
          <span className={styles.cardRow}>
            {name(lane)}
            <HealthMark state={lane.state} />
          </span>
          <span className={`${styles.cardRow} ${styles.cardTicks}`}>
            {ticks(lane)}
            <span className="small">{lane.waiting > 0 ? waiting(lane) : success(lane)}</span>
          </span>
        </>
      )}
    />
  )
}

function Recent({ failures, onOpen }: { failures: Health['failures']; onOpen: (failure: Failure) => void }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  return (
    <Panel edge title={t('health.recent')}>
      {failures.length === 0 ? (
        <EmptyState small icon="check" title={t('health.recentNone')} />
      ) : (
        <ul className={styles.events}>
          {failures.map((failure) => (
            <li key={failure.failureId}>
              <button type="button" className={styles.event} onClick={() => onOpen(failure)}>
                <time dateTime={failure.lastAt} title={sayFull(new Date(failure.lastAt))}>
                  {sayMoment(new Date(failure.lastAt), now, language)}
                </time>
                <HealthMark state={failure.resolvedAt ? 'ok' : 'broken'}>{t(`health.lane.${failure.lane}`)}</HealthMark>
                <span className={`${styles.what} clip`}>
                  {failure.title}
                  {failure.times > 1 && <span className="quiet"> · {t('health.times', { n: failure.times })}</span>}
                </span>
                <span className={styles.end}>
                  {failure.resolvedAt
                    ? t('health.resolvedIn', {
                        span: saySpan(
                          Math.max(0, new Date(failure.resolvedAt).getTime() - new Date(failure.firstAt).getTime()),
                          language,
                        ),
                      })
                    : t('health.stillBroken')}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
