import type { UseQueryResult } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../../../api/client.ts'
import type { Answer } from '../../../api/types.ts'
import { useNow } from '../../../ui/clock.ts'
import { Split } from '../../../ui/dock.tsx'
import { Figures } from '../../../ui/figures.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { sayCount, sayYuan } from '../../../ui/number-words.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../../ui/states.tsx'
import { languageOf, sayDay } from '../../../ui/time-words.ts'
import { useCan } from '../../staff/session.ts'
import { CellDock } from './cell-dock.tsx'
import { CellTable } from './cell-table.tsx'
import { GridPanel } from './grid-panel.tsx'
import { ModelDrawer } from './model-drawer.tsx'
import { MovesPanel } from './moves-panel.tsx'
import styles from './rfm.module.css'

export type Rfm = Answer<'/api/rfm'>
export type Model = NonNullable<Rfm['model']>
export type Cell = Rfm['cells'][number]
const WATCH_MS = 1_500

/** The client's own types take a pair for a list of any length. */
const useRfm = () =>
  api.useQuery(
    'get',
    '/api/rfm',
    {},
    { refetchInterval: ({ state }) => (state.data?.building ? WATCH_MS : false) },
  ) as UseQueryResult<Rfm, unknown>

/** Buyers by how lately, how often and for how much. */
export function RfmPage() {
  const { t } = useTranslation()
  const mayWrite = useCan('segments.write')
  const [isEditing, setEditing] = useState(false)
  const [openId, setOpenId] = useState<string>()
  const rfm = useRfm()
  const open = rfm.data?.cells.find(({ cellId }) => cellId === openId)
  const dock = open && rfm.data?.model && (
    <CellDock key={open.cellId} cell={open} model={rfm.data.model} onClose={() => setOpenId(undefined)} />
  )
  return (
    <Split dock={dock}>
      <PageHeader
        crumbs={[{ label: t('nav.reports') }]}
        title={t('insight.rfm.title')}
        meta={rfm.data?.model && <CutWords model={rfm.data.model} />}
      >
        {mayWrite && rfm.data?.model && (
          <Button type="primary" onClick={() => setEditing(true)}>
            {t('insight.rfm.edit')}
          </Button>
        )}
      </PageHeader>
      <div className={styles.page}>
        <Loaded query={rfm} what={t('insight.rfm.title')} skeleton={<SkeletonBlock height={420} />}>
          {(data) =>
            data.model ? (
              <Standing data={data} model={data.model} openId={openId} onOpen={setOpenId} />
            ) : (
              <Panel>
                <NotBegun buyers={data.buyers} onBegin={mayWrite ? () => setEditing(true) : undefined} />
              </Panel>
            )
          }
        </Loaded>
      </div>
      {isEditing && rfm.data && <ModelDrawer rfm={rfm.data} onClose={() => setEditing(false)} />}
    </Split>
  )
}

function CutWords({ model }: { model: Model }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const day = (at: string) => sayDay(new Date(at), now, languageOf(i18n))
  return model.mode === 'quintiles'
    ? t('insight.rfm.model.quintiles', { day: day(model.cutAt) })
    : t('insight.rfm.model.own', { day: day(model.changedAt), who: model.changedBy })
}

function NotBegun({ buyers, onBegin }: { buyers: number; onBegin: (() => void) | undefined }) {
  const { t } = useTranslation()
  if (buyers === 0)
    return (
      <EmptyState
        icon="chart"
        title={t('insight.rfm.noOrders')}
        why={t('insight.rfm.noOrdersWhy')}
        action={
          <Link to="/settings/openapi">
            <Button type="primary">{t('insight.rfm.howToImport')}</Button>
          </Link>
        }
      />
    )
  return (
    <EmptyState
      icon="chart"
      title={t('insight.rfm.none')}
      why={t('insight.rfm.noneWhy')}
      action={
        onBegin && (
          <Button type="primary" onClick={onBegin}>
            {t('insight.rfm.begin')}
          </Button>
        )
      }
    />
  )
}

interface StandingProps {
  data: Rfm
  model: Model
  openId: string | undefined
  onOpen: (cellId: string) => void
}

function Standing({ data, model, openId, onOpen }: StandingProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.column}>
      {data.building && (
        <p className={styles.strip} role="status">
          {t('insight.rfm.building')}
          {data.building.total !== null &&
            ` ${t('insight.rfm.buildingAt', { done: data.building.done, total: data.building.total })}`}
        </p>
      )}
      {data.failed !== null && (
        <p className={`${styles.strip} ${styles.warn}`} role="alert">
          {t('insight.rfm.failed')}
        </p>
      )}
      <Totals data={data} />
      <div className={styles.pair}>
        <GridPanel grid={data.grid} model={model} />
        <Panel edge title={t('insight.rfm.cells')} sub={t('insight.rfm.cellsSub')}>
          <CellTable cells={data.cells} buyers={data.buyers} openId={openId} onOpen={onOpen} />
        </Panel>
      </div>
      <MovesPanel cells={data.cells} />
    </div>
  )
}

function Totals({ data }: { data: Rfm }) {
  const { t, i18n } = useTranslation()
  const language = languageOf(i18n)
  const people = (n: number) => t('insight.rfm.people', { n: sayCount(n, language) })
  const sum = (of: (cell: Cell) => number) => data.cells.reduce((all, cell) => all + of(cell), 0)
  const figures = [
    [
      t('insight.rfm.buyers'),
      people(data.buyers),
      t('insight.rfm.ofCustomers', { n: sayCount(data.customers, language) }),
    ],
    [t('insight.rfm.money'), sayYuan(sum(({ totalFen }) => totalFen)), t('insight.rfm.moneyWhat')],
    [
      t('insight.rfm.risk'),
      sayYuan(data.risk.totalFen),
      t('insight.rfm.riskWhat', { people: sayCount(data.risk.people, language) }),
    ],
    [t('insight.rfm.falling'), people(sum(({ falling }) => falling.people)), t('insight.rfm.fallingWhat')],
  ] as const
  return <Figures figures={figures} />
}
