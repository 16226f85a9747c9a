import { useTranslation } from 'react-i18next'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useShade } from '../../ui/theme/shade.ts'
import { CHART_COLORS } from '../../ui/theme/theme.ts'
import styles from './channels.module.css'
import { WEEKDAYS } from './roster-days.ts'
import type { ChannelStats } from './use-channels.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** When people come: a row a weekday, a cell an hour, darker the more. */
export function HeatMap({ stats: { heat } }: { stats: ChannelStats }) {
  const { t } = useTranslation()
  const ramp = CHART_COLORS[useShade()].sequential
  const cells = heat.flatMap((hours, day) => hours.map((adds, hour) => ({ day, hour, adds })))
  const best = cells.reduce((most, cell) => (cell.adds > most.adds ? cell : most), { day: 0, hour: 0, adds: 0 })
  const weekday = (day: number) => t(`channels.roster.weekday.${WEEKDAYS[day] ?? 1}`)
  const shade = (adds: number) =>
    adds === 0 ? undefined : ramp[Math.min(ramp.length - 1, 1 + Math.floor((adds / best.adds) * (ramp.length - 2)))]
  return (
    <Panel
      title={t('channels.heat.title')}
      sub={best.adds > 0 && t('channels.heat.best', { day: weekday(best.day), hour: best.hour, adds: best.adds })}
    >
      {best.adds === 0 ? (
        <EmptyState small icon="clock" title={t('channels.heat.none')} />
      ) : (
        <div style={{ overflowX: 'auto' }}>
          <table className={styles.heat} aria-label={t('channels.heat.title')}>
            <thead>
              <tr>
                <th scope="col" aria-label={t('channels.roster.weekdays')} />
                {HOURS.map((hour) => (
                  <th key={hour} scope="col">
                    {hour % 3 === 0 ? hour : ''}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {heat.map((hours, day) => (
                <tr key={weekday(day)}>
                  <th scope="row">{weekday(day)}</th>
                  {HOURS.map((hour) => (
                    <td
                      key={hour}
                      style={{ background: shade(hours[hour] ?? 0) }}
                      title={t('channels.heat.cell', { day: weekday(day), hour, adds: hours[hour] ?? 0 })}
                    >
                      <span className={styles.unseen}>{hours[hour]}</span>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
