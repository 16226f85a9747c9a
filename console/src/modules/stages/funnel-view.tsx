import { keepPreviousData } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount } from '../../ui/number-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import { usePeriod, useReportParams } from '../reports/period.ts'
import { PeriodPicker } from '../reports/period-picker.tsx'
import { DepartmentChip } from '../staff/department-chip.tsx'
import { StageMark, shareOf } from './stage-mark.tsx'
import styles from './stages.module.css'
import type { Flow } from './use-stages.ts'

type Funnel = Answer<'/api/stage-flows/{flowId}/funnel'>
type Line = Funnel['stages'][number]

/** Of the customers who came into each stage in a period: how many went on, how long it took, why the lost were. */
export function FunnelView({ flow }: { flow: Flow }) {
  const { t } = useTranslation()
  const { range } = usePeriod()
  const { departmentId, change } = useReportParams()
  const funnel = api.useQuery(
    'get',
    '/api/stage-flows/{flowId}/funnel',
    { params: { path: { flowId: flow.flowId }, query: { ...range, departmentId } } },
    { placeholderData: keepPreviousData },
  )
  return (
    <div className={styles.funnel}>
      <div className={styles.pick}>
        <PeriodPicker />
        <DepartmentChip departmentId={departmentId} onChange={(department) => change({ department })} />
      </div>
      <Loaded query={funnel} what={t('stages.show.funnel')} skeleton={<SkeletonBlock height={320} />}>
        {(data) =>
          data.stages.every((line) => line.entered === 0) ? (
            <EmptyState icon="chart" title={t('stages.funnelEmpty')} why={t('stages.funnelEmptyWhy')} />
          ) : (
            <Charts flow={flow} funnel={data} />
          )
        }
      </Loaded>
    </div>
  )
}

function Charts({ flow, funnel }: { flow: Flow; funnel: Funnel }) {
  const { t } = useTranslation()
  const nameOf = (stageId: string) => flow.stages.find((stage) => stage.stageId === stageId)?.name ?? ''
  const lines = funnel.stages.filter((line) => flow.stages.find((s) => s.stageId === line.stageId)?.kind !== 'lost')
  const losses = funnel.lostReasons.map((one) => ({ ...one, name: one.name ?? t('stages.noReason') }))
  return (
    <>
      <ChartPanel
        title={t('stages.funnelTitle')}
        sub={t('stages.funnelSub')}
        says={lines
          .map((line) => `${nameOf(line.stageId)} ${t('stages.wentOn', { n: line.entered, onward: line.onward })}`)
          .join('；')}
        kind="bar"
        labels={lines.map((line) => nameOf(line.stageId))}
        series={[
          { name: t('stages.column.entered'), slot: 0, values: lines.map((line) => line.entered) },
          { name: t('stages.column.onward'), slot: 1, values: lines.map((line) => line.onward) },
        ]}
        height={220}
      />
      <Panel title={t('stages.byStage')} edge>
        <Lines flow={flow} lines={funnel.stages} />
      </Panel>
      {losses.length > 0 && (
        <ChartPanel
          title={t('stages.lostReasons')}
          says={losses.map((one) => `${one.name} ${one.customers}`).join('；')}
          kind="bar"
          labels={losses.map((one) => one.name)}
          series={[{ name: t('stages.column.customers'), slot: 2, values: losses.map((one) => one.customers) }]}
          height={180}
        />
      )}
    </>
  )
}

function Lines({ flow, lines }: { flow: Flow; lines: Line[] }) {
  const { t, i18n } = useTranslation()
  const ids = flow.stages.map((stage) => stage.stageId)
  const stageOf = (line: Line) => flow.stages.find((stage) => stage.stageId === line.stageId)
  const count = (n: number) => sayCount(n, languageOf(i18n))
  // Where a flow ends nobody goes on.
  const rate = (line: Line) =>
    line.entered > 0 && stageOf(line)?.kind === 'open' ? `${((line.onward / line.entered) * 100).toFixed(1)}%` : '—'
  const number = (key: 'entered' | 'onward' | 'lost' | 'back' | 'still'): Column<Line> => ({
    key,
    title: t(`stages.column.${key}`),
    align: 'right',
    cell: (line) => count(line[key]),
  })
  const columns: Column<Line>[] = [
    {
      key: 'stage',
      title: t('stages.column.stage'),
      width: '24%',
      cell: (line) => {
        const stage = stageOf(line)
        return stage && <StageMark name={stage.name} color={stage.color} share={shareOf(ids, line.stageId)} />
      },
    },
    number('entered'),
    number('onward'),
    { key: 'rate', title: t('stages.column.rate'), align: 'right', cell: rate },
    {
      key: 'median',
      title: t('stages.column.median'),
      align: 'right',
      cell: (line) => (line.medianDays === null ? '—' : t('stages.inWorkdays', { n: line.medianDays })),
    },
    number('lost'),
    number('back'),
    number('still'),
  ]
  return (
    <ListTable
      rows={lines}
      columns={columns}
      rowKey={(line) => line.stageId}
      label={t('stages.byStage')}
      minWidth={720}
      card={(line) => (
        <span className={styles.lineCard}>
          <b>{stageOf(line)?.name}</b>
          <span className="soft">
            {t('stages.wentOn', { n: line.entered, onward: line.onward })} · {rate(line)}
          </span>
        </span>
      )}
    />
  )
}
