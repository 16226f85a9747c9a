import { useTranslation } from 'react-i18next'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import type { Day } from './use-groups.ts'

/** Day by day: who came, who went, and how many were there at its end. */
export function TrendChart({ title, days, height = 180 }: { title: string; days: readonly Day[]; height?: number }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const sum = (of: 'joined' | 'left') => days.reduce((n, day) => n + day[of], 0)
  return (
    <ChartPanel
      title={title}
      sub={t('groups.trendSub', { joined: sum('joined'), left: sum('left') })}
      says={t('groups.trendSays', {
        joined: sum('joined'),
        left: sum('left'),
        members: days.at(-1)?.members ?? 0,
      })}
      labels={days.map(({ day }) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n)))}
      series={[
        { name: t('groups.joined'), slot: 0, values: days.map(({ joined }) => joined), area: true },
        { name: t('groups.left'), slot: 1, values: days.map(({ left }) => left) },
      ]}
      height={height}
    />
  )
}
