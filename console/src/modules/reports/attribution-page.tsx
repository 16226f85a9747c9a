import { keepPreviousData } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { ChartPanel } from '../../ui/chart-panel.tsx'
import { Split } from '../../ui/dock.tsx'
import { Figures } from '../../ui/figures.tsx'
import { type Column, ListTable } from '../../ui/list-table.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { sayCount, sayRate, sayYuan } from '../../ui/number-words.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { languageOf } from '../../ui/time-words.ts'
import styles from './activation.module.css'
import { TouchedOrdersDock } from './attribution-dock.tsx'
import { usePeriod, useReportParams } from './period.ts'
import { PeriodPicker } from './period-picker.tsx'

type Attribution = Answer<'/api/reports/attribution'>
type Line = Attribution['lines'][number]
const MODELS = ['first', 'last', 'position', 'decay'] as const
const FACETS = ['way', 'staff', 'code', 'piece', 'source'] as const
const WINDOWS = [1, 3, 7, 14, 30]
const HALVES = [1, 3, 7, 14]
/** Groups of four columns a chart can be read with. */
const DRAWN_MAX = 8

/** What reached customers before they bought, and how much of the money each has by four ways of sharing it. */
export function AttributionPage() {
  const { t } = useTranslation()
  const { range } = usePeriod()
  const { params, change } = useReportParams()
  const by = FACETS.find((one) => one === params.get('by')) ?? 'way'
  const oneOf = (name: string, of: number[]) => of.find((n) => String(n) === params.get(name)) ?? 7
  const [windowDays, halfLifeDays] = [oneOf('window', WINDOWS), oneOf('half', HALVES)]
  const query = { ...range, by, windowDays, halfLifeDays }
  const found = api.useQuery(
    'get',
    '/api/reports/attribution',
    { params: { query } },
    { placeholderData: keepPreviousData },
  )
  const openKey = params.get('key') ?? undefined
  const open = found.data?.lines.find(({ key }) => key === openKey)
  const pick = (name: 'window' | 'half', value: number, of: number[]) => (
    <Select
      value={value}
      aria-label={t(`insight.attribution.${name}`)}
      popupMatchSelectWidth={false}
      options={of.map((n) => ({ value: n, label: t(`insight.attribution.${name}Days`, { n }) }))}
      onChange={(n) => change({ [name]: n === 7 ? undefined : String(n) })}
    />
  )
  return (
    <Split
      dock={
        open && (
          <TouchedOrdersDock
            line={open}
            name={open.name ?? t(`insight.attribution.ways.${open.key as 'mass'}`)}
            query={query}
            onClose={() => change({ key: undefined })}
          />
        )
      }
    >
      <PageHeader crumbs={[{ label: t('nav.reports') }]} title={t('insight.attribution.title')}>
        <PeriodPicker />
      </PageHeader>
      <div className={styles.page}>
        <div className={styles.column}>
          <div className={styles.choices}>
            <Segmented
              aria-label={t('insight.attribution.by')}
              value={by}
              options={FACETS.map((value) => ({ value, label: t(`insight.attribution.facet.${value}`) }))}
              onChange={(next) => change({ by: next === 'way' ? undefined : next, key: undefined })}
            />
            {pick('window', windowDays, WINDOWS)}
            {pick('half', halfLifeDays, HALVES)}
          </div>
          <Loaded query={found} what={t('insight.attribution.title')} skeleton={<SkeletonBlock height={360} />}>
            {(data) => <Found data={data} openKey={openKey} onOpen={(key) => change({ key })} />}
          </Loaded>
        </div>
      </div>
    </Split>
  )
}

interface FoundProps {
  data: Attribution
  openKey: string | undefined
  onOpen: (key: string) => void
}

function Found({ data, openKey, onOpen }: FoundProps) {
  const { t, i18n } = useTranslation()
  const { total, untouched, lines } = data
  if (total.orders === 0 && lines.length === 0)
    return (
      <Panel>
        <EmptyState icon="chart" title={t('insight.attribution.none')} why={t('insight.attribution.noneWhy')} />
      </Panel>
    )
  const touchedFen = total.netFen - untouched.netFen
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const nameOf = (line: Line) => line.name ?? t(`insight.attribution.ways.${line.key as 'mass'}`)
  const drawn = lines.slice(0, DRAWN_MAX)
  return (
    <div className={styles.column}>
      <Figures
        figures={[
          [
            t('insight.attribution.net'),
            sayYuan(total.netFen),
            t('insight.attribution.netWhat', { n: count(total.orders), refunded: sayYuan(total.refundedFen) }),
          ],
          [t('insight.attribution.touched'), sayYuan(touchedFen), sayRate(touchedFen, total.netFen)],
          [
            t('insight.attribution.untouched'),
            sayYuan(untouched.netFen),
            t('insight.attribution.orders', { n: count(untouched.orders) }),
          ],
        ]}
      />
      {drawn.length > 0 && (
        <ChartPanel
          title={t('insight.attribution.chart')}
          sub={t('insight.attribution.yuan')}
          kind="bar"
          height={220}
          labels={drawn.map(nameOf)}
          says={drawn.map((line) => `${nameOf(line)} ${sayYuan(line.position)}`).join('，')}
          series={MODELS.map((model, slot) => ({
            name: t(`insight.attribution.model.${model}`),
            slot: slot as 0 | 1 | 2 | 3,
            values: drawn.map((line) => line[model] / 100),
          }))}
        />
      )}
      <Panel edge title={t('insight.attribution.lines')}>
        <Lines data={data} nameOf={nameOf} openKey={openKey} onOpen={onOpen} />
      </Panel>
      <div className={styles.notes}>
        {MODELS.map((model) => (
          <p key={model}>
            <b>{t(`insight.attribution.model.${model}`)}</b> {t(`insight.attribution.modelWhat.${model}`)}
          </p>
        ))}
        <p>{t('insight.attribution.counts')}</p>
        <p>{t('insight.attribution.cause')}</p>
      </div>
    </div>
  )
}

function Lines({
  data,
  nameOf,
  openKey,
  onOpen,
}: {
  data: Attribution
  nameOf: (line: Line) => string
  openKey: string | undefined
  onOpen: (key: string) => void
}) {
  const { t, i18n } = useTranslation()
  const count = (n: number) => sayCount(n, languageOf(i18n))
  const columns: Column<Line>[] = [
    { key: 'name', title: t('insight.attribution.column.name'), cell: nameOf },
    {
      key: 'touches',
      title: t('insight.attribution.column.touches'),
      align: 'right',
      width: 90,
      cell: ({ touches }) => count(touches),
    },
    {
      key: 'replied',
      title: t('insight.attribution.column.replied'),
      align: 'right',
      width: 90,
      // Where nobody tells what customers write, nothing is known.
      cell: ({ replied, touches }) => (data.lines.some((line) => line.replied > 0) ? sayRate(replied, touches) : '—'),
    },
    {
      key: 'orders',
      title: t('insight.attribution.column.orders'),
      align: 'right',
      width: 80,
      cell: ({ orders }) => count(orders),
    },
    ...MODELS.map(
      (model): Column<Line> => ({
        key: model,
        title: t(`insight.attribution.model.${model}`),
        align: 'right',
        width: 116,
        cell: (line) => sayYuan(line[model]),
      }),
    ),
  ]
  if (data.lines.length === 0) return <EmptyState small icon="chart" title={t('insight.attribution.noLines')} />
  const more = (['rest', 'others'] as const).filter((which) => data[which].orders > 0)
  return (
    <>
      <ListTable
        rows={data.lines}
        columns={columns}
        rowKey={({ key }) => key}
        label={t('insight.attribution.lines')}
        minWidth={900}
        openKey={openKey}
        onOpen={({ key }) => onOpen(key)}
        card={(line) => (
          <span className={styles.card}>
            <b>{nameOf(line)}</b>
            <span className="quiet">{t('insight.attribution.orders', { n: count(line.orders) })}</span>
            <span>{MODELS.map((m) => `${t(`insight.attribution.model.${m}`)} ${sayYuan(line[m])}`).join(' · ')}</span>
          </span>
        )}
      />
      {more.map((which) => (
        <p key={which} className={styles.more}>
          {t(`insight.attribution.${which}`)}{' '}
          {MODELS.map((m) => `${t(`insight.attribution.model.${m}`)} ${sayYuan(data[which][m])}`).join(' · ')}
        </p>
      ))}
    </>
  )
}
