import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { NotSaved } from '../../ui/states.tsx'
import { languageOf, sayMoment, shanghaiDay } from '../../ui/time-words.ts'
import styles from './touches.module.css'
import type { Policy } from './use-touches.ts'

type Replay = Answer<'/api/touch-policy/replay', 'post'>
const DAYS = 90
const DAY_MS = 86_400_000

/** What the last ninety days would have been under the rules as they stand on the page, saved or not. */
export function ReplayPanel({ policy }: { policy: Policy }) {
  const { t } = useTranslation()
  const now = useNow()
  const [asked, setAsked] = useState<Policy>()
  const replay = api.useMutation('post', '/api/touch-policy/replay')
  const run = () => {
    setAsked(policy)
    const [from, to] = [shanghaiDay(new Date(now.getTime() - DAYS * DAY_MS)), shanghaiDay(now)]
    replay.mutate({ body: { from, to, policy } })
  }
  const isOld = replay.data !== undefined && asked !== policy
  return (
    <Panel
      title={t('touches.replay')}
      sub={t('touches.replayWhy', { days: DAYS })}
      extra={
        <Button size="small" loading={replay.isPending} onClick={run}>
          {t(isOld ? 'touches.replayAgain' : 'touches.replayRun')}
        </Button>
      }
    >
      {replay.error ? <NotSaved error={replay.error} /> : null}
      {replay.data ? (
        <div style={isOld ? { opacity: 0.5 } : undefined}>
          <Replayed replay={replay.data} />
        </div>
      ) : (
        <p className="quiet">{t('touches.replayEmpty')}</p>
      )}
    </Panel>
  )
}

function Replayed({ replay }: { replay: Replay }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  const sum = (of: 'was' | 'would' | 'capped' | 'heldOut') => replay.touches.reduce((all, touch) => all + touch[of], 0)
  if (replay.touches.length === 0) return <p className="quiet">{t('touches.replayNothing')}</p>
  const last = Math.max(...replay.was.keys().filter((n) => replay.was[n]! + replay.would[n]! > 0), 1)
  const labels = Array.from({ length: last + 1 }, (_, n) => t('touches.times', { n }))
  const says = t('touches.replaySays', {
    ...{ was: sayCount(sum('was'), language), would: sayCount(sum('would'), language) },
    ...{ capped: sayCount(sum('capped'), language), heldOut: sayCount(sum('heldOut'), language) },
  })
  return (
    <div className={styles.replayed}>
      <p>{says}</p>
      <ChartPanel
        title={t('touches.perPerson')}
        says={says}
        kind="bar"
        height={180}
        labels={labels}
        series={[
          { name: t('touches.was'), slot: 5, values: replay.was.slice(0, last + 1) },
          { name: t('touches.would'), slot: 0, values: replay.would.slice(0, last + 1) },
        ]}
      />
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('touches.touch')}</th>
              <th scope="col">{t('touches.was')}</th>
              <th scope="col">{t('touches.would')}</th>
              <th scope="col">{t('touches.fate.capped')}</th>
            </tr>
          </thead>
          <tbody>
            {replay.touches.map((touch) => (
              <tr key={touch.touchId}>
                <th scope="row">
                  {touch.title} <small className="quiet">{sayMoment(new Date(touch.at), now, language)}</small>
                </th>
                <td>{sayCount(touch.was, language)}</td>
                <td data-fewer={touch.would < touch.was || undefined}>{sayCount(touch.would, language)}</td>
                <td>{sayCount(touch.capped, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
