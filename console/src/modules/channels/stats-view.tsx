import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { Delta } from '../../ui/delta.tsx'
import { sayCount, sayRate } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useShade } from '../../ui/theme/shade.ts'
import { CHART_COLORS } from '../../ui/theme/theme.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './channels.module.css'
import type { ChannelStats, Code } from './use-channels.ts'

const FIGURES = ['scans', 'adds', 'losses', 'net'] as const

export function StatsView({ code, stats, days }: { code: Code; stats: ChannelStats; days: number }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const language = languageOf(i18n)
  const day = (of: string) => sayDay(new Date(`${of}T12:00:00+08:00`), now, language)
  return (
    <div className={styles.column}>
      <Panel>
        <div className={styles.figures}>
          {FIGURES.map((figure) => {
            const value = stats.totals[figure]
            const unseen = figure === 'scans' && value === 0 && stats.previous.scans === 0
            return (
              <div key={figure}>
                <div className="small quiet">{t(`channels.totals.${figure}`)}</div>
                <span className={styles.n}>
                  {unseen ? '—' : `${value < 0 ? '−' : ''}${sayCount(Math.abs(value), language)}`}
                </span>
                {!unseen && (
                  <Delta now={value} before={stats.previous[figure]} good={figure === 'losses' ? 'down' : 'up'} />
                )}
                <div className="small quiet">{unseen ? t('channels.noScan') : t('channels.compare', { days })}</div>
              </div>
            )
          })}
        </div>
      </Panel>
      <div className={styles.pair}>
        <Funnel code={code} stats={stats} />
        <ChartPanel
          title={t('channels.daily')}
          says={t('channels.dailySays', { from: day(stats.from), to: day(stats.to), ...stats.totals })}
          labels={stats.byDay.map((one) => day(one.day))}
          series={[
            ...(stats.totals.scans > 0
              ? [
                  {
                    name: t('channels.totals.scans'),
                    slot: 0 as const,
                    values: stats.byDay.map(({ scans }) => scans),
                    area: true,
                  },
                ]
              : []),
            {
              name: t('channels.totals.adds'),
              slot: stats.totals.scans > 0 ? 1 : 0,
              values: stats.byDay.map(({ adds }) => adds),
              area: stats.totals.scans === 0,
            },
            ...(stats.byDay.some(({ replied }) => replied !== null)
              ? [
                  {
                    name: t('channels.replied'),
                    slot: stats.totals.scans > 0 ? (2 as const) : (1 as const),
                    values: stats.byDay.map(({ replied }) => replied ?? 0),
                    area: false,
                  },
                ]
              : []),
          ]}
          height={188}
        />
      </div>
    </div>
  )
}

/** Columns on one scale. Scans are only those of the counted way: where they are fewer than the adds no rate is shown. */
function Funnel({ code, stats }: { code: Code; stats: ChannelStats }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const ramp = CHART_COLORS[useShade()].sequential
  const steps = stats.funnel.filter(({ step, count }) => step !== 'scans' || (count ?? 0) > 0)
  const isUntold = steps.some(({ count }) => count === null)
  const since = stats.repliesSince === null ? null : new Date(stats.repliesSince)
  const top = Math.max(...steps.map(({ count }) => count ?? 0))
  if (top === 0)
    return (
      <Panel title={t('channels.funnel')}>
        <EmptyState small icon="qr" title={t('channels.funnelNone')} why={t('channels.funnelNoneWhy')} />
      </Panel>
    )
  return (
    <Panel title={t('channels.funnel')}>
      <div className={styles.funnel}>
        {steps.map(({ step, count }, index) => {
          if (count === null)
            return (
              <div key={step} className={styles.step}>
                <span className="small soft">{t(`channels.funnelStep.${step}`)}</span>
                <span className={`${styles.n} quiet`}>—</span>
                <span className={`${styles.well} ${styles.untold}`}>{t('channels.funnelUntold')}</span>
                <span className={styles.foot} />
              </div>
            )
          // Whoever was tagged need not have replied, and whoever stays need be neither.
          const before =
            step === 'adds' ? steps[index - 1] : step === 'scans' ? undefined : steps.find((one) => one.step === 'adds')
          const of = before?.count ?? 0
          const falls = of >= count && of > 0
          const lost = falls ? of - count : 0
          return (
            <div key={step} className={styles.step} title={step === 'replied' ? t('channels.repliedRule') : undefined}>
              <span className="small soft">{t(`channels.funnelStep.${step}`)}</span>
              <span className={styles.n}>{count}</span>
              <span className={styles.well}>
                <i style={{ height: `${(count / top) * 100}%`, background: ramp[5 - index] }} />
              </span>
              <span className={styles.foot}>
                {index === 0 && count > 0 && step === 'adds' && (
                  <Link to={`/contacts?code=${code.channelCodeId}&from=${stats.from}&to=${stats.to}&state=all`}>
                    {t('channels.seePeople')}
                  </Link>
                )}
                {step === 'adds' &&
                  index > 0 &&
                  (falls ? lost > 0 && t('channels.funnelLost.adds', { n: lost }) : t('channels.moreAdds'))}
                {step === 'kept' && lost > 0 && (
                  <Link to={`/contacts?code=${code.channelCodeId}&state=lost`}>
                    {t('channels.funnelLost.kept', { n: lost })}
                  </Link>
                )}
                {step === 'kept' && lost === 0 && count > 0 && (
                  <Link to={`/contacts?code=${code.channelCodeId}`}>{t('channels.seePeople')}</Link>
                )}
              </span>
              {falls && <span className={styles.rate}>{sayRate(count, of)}</span>}
            </div>
          )
        })}
      </div>
      <p className={styles.retention}>
        {stats.retention
          .filter((one) => one.of > 0)
          .map(({ days, of, kept }) => (
            <span key={days} title={t('channels.retentionOf', { kept, of })}>
              {t('channels.retention', { days })} <b>{sayRate(kept, of)}</b>
              {of > kept && <span className="quiet"> {t('channels.retentionLost', { n: of - kept })}</span>}
            </span>
          ))}
      </p>
      {isUntold ? (
        <p className="small quiet" style={{ marginTop: 4 }}>
          {t('channels.repliesUntold')} <Link to="/settings/openapi">{t('channels.repliesHow')}</Link>
        </p>
      ) : (
        since !== null &&
        since > new Date(`${stats.from}T00:00:00+08:00`) && (
          <p className="small quiet" style={{ marginTop: 4 }}>
            {t('channels.repliesSince', { day: sayDay(since, now, languageOf(i18n)) })}
          </p>
        )
      )}
      {stats.totals.scans === 0 && (
        <p className="small quiet" style={{ marginTop: 4 }}>
          {t('channels.funnelNoScan')}
        </p>
      )}
    </Panel>
  )
}

/** Rows before one asks for all. */
const STAFF_SHOWN = 8

export function ByStaff({ stats }: { stats: ChannelStats }) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  const shown = whole ? stats.byStaff : stats.byStaff.slice(0, STAFF_SHOWN)
  const all = Math.max(
    1,
    stats.byStaff.reduce((n, { adds }) => n + adds, 0),
  )
  return (
    <Panel edge title={t('channels.byStaff')}>
      {stats.byStaff.length === 0 ? (
        <EmptyState small icon="people" title={t('channels.byStaffNone')} />
      ) : (
        <table className={styles.staffTable} aria-label={t('channels.byStaff')}>
          <thead>
            <tr>
              <th scope="col">{t('channels.staffName')}</th>
              <th scope="col">{t('channels.share')}</th>
              <th scope="col">{t('channels.totals.adds')}</th>
              <th scope="col">{t('channels.replied')}</th>
              <th scope="col">{t('channels.totals.losses')}</th>
              <th scope="col">{t('channels.totals.net')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ staffId, name, adds, replied, losses, net }) => (
              <tr key={staffId}>
                <td>{name}</td>
                <td>
                  <span className={styles.share}>
                    <i style={{ width: `${(adds / all) * 100}%` }} />
                  </span>
                </td>
                <td>
                  <b>{adds}</b>
                </td>
                <td>{replied ?? '—'}</td>
                <td>{losses}</td>
                <td>{net < 0 ? `−${-net}` : net}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length < stats.byStaff.length && (
        <div style={{ padding: '8px 16px' }}>
          <Button type="link" size="small" onClick={() => setWhole(true)}>
            {t('channels.byStaffAll', { n: stats.byStaff.length })}
          </Button>
        </div>
      )}
    </Panel>
  )
}
