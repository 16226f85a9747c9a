import { keepPreviousData } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Series } from '../../ui/chart-option.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { useNow } from '../../ui/clock.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { SkeletonBlock } from '../../ui/states.tsx'
import { languageOf, sayDay } from '../../ui/time-words.ts'
import styles from './reports.module.css'

/** Lines a chart can be read with, and the server takes. */
export const CHOSEN_MAX = 4
const FIGURES = ['added', 'lost', 'chats', 'messages'] as const

interface Props {
  range: { from: string; to: string }
  departmentId: string | undefined
  q: string | undefined
  chosen: string[]
  onClear: () => void
}

/** Day by day: of the chosen members one line each, else of everybody together. */
export function TrendPanel({ range, departmentId, q, chosen, onClear }: Props) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const [figure, setFigure] = useState<(typeof FIGURES)[number]>('added')
  const query = { ...range, departmentId, q, staffIds: chosen.length > 0 ? chosen.join(',') : undefined }
  const trend = api.useQuery(
    'get',
    '/api/reports/staff/trend',
    { params: { query: query } },
    { placeholderData: keepPreviousData },
  )
  const sub = (
    <span className={styles.pickFigure}>
      <Segmented
        size="small"
        value={figure}
        options={FIGURES.map((value) => ({ value, label: t(`reports.column.${value}`) }))}
        onChange={setFigure}
      />
      {chosen.length > 0 && (
        <Button type="link" size="small" onClick={onClear}>
          {t('reports.stats.everybody')}
        </Button>
      )}
    </span>
  )
  return (
    <Loaded query={trend} what={t('reports.stats.trend')} skeleton={<SkeletonBlock height={240} />}>
      {({ days, lines }) => {
        const series = lines.slice(0, CHOSEN_MAX).map(
          (line, slot): Series => ({
            name: line.name ?? t('reports.stats.together'),
            slot: slot as 0 | 1 | 2 | 3,
            values: line[figure],
            area: lines.length === 1,
          }),
        )
        const says = lines
          .map(
            (line) =>
              `${line.name ?? t('reports.stats.together')} ${line[figure].reduce((n: number, one) => n + (one ?? 0), 0)}`,
          )
          .join('，')
        return (
          <ChartPanel
            title={t('reports.stats.trend')}
            sub={sub}
            says={says}
            labels={days.map((day) => sayDay(new Date(`${day}T12:00:00+08:00`), now, languageOf(i18n)))}
            series={series}
            height={188}
          />
        )
      }}
    </Loaded>
  )
}
