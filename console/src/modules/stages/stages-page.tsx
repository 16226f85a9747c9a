import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { Split } from '../../ui/dock.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, SkeletonBlock } from '../../ui/states.tsx'
import { FilterBar } from '../contacts/filter-bar.tsx'
import { changeFilters, readFilters, toQuery } from '../contacts/filters.ts'
import { ProfileDock } from '../contacts/profile-dock.tsx'
import { useCan } from '../staff/session.ts'
import { Board } from './board.tsx'
import { FunnelView } from './funnel-view.tsx'
import styles from './stages.module.css'
import { useStageBook } from './use-stages.ts'

const SHOWS = ['board', 'funnel'] as const

/** The customers of a flow, a column a stage; or what became of those who came into each. */
export function StagesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const book = useStageBook()
  const mayWrite = useCan('stages.write')
  const show = SHOWS.find((one) => one === params.get('show')) ?? 'board'
  const filters = readFilters(params)
  const openId = params.get('id') ?? undefined
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(params)
    value ? next.set(name, value) : next.delete(name)
    setParams(next, { replace: name === 'id' && openId !== undefined })
  }
  const dock = openId && show === 'board' && <ProfileDock contactId={openId} onClose={() => set('id', undefined)} />
  const flows = book.data?.flows ?? []
  const flow = flows.find((one) => one.flowId === params.get('flow')) ?? flows[0]
  return (
    <Split dock={dock}>
      <PageHeader title={t('stages.title')} crumbs={[{ label: t('nav.contacts'), to: '/contacts' }]}>
        {flows.length > 1 && (
          <Segmented
            aria-label={t('stages.flow')}
            value={flow?.flowId ?? ''}
            options={flows.map((one) => ({ value: one.flowId, label: one.name }))}
            onChange={(flowId) => set('flow', flowId)}
          />
        )}
        <Segmented
          aria-label={t('stages.show.label')}
          value={show}
          options={SHOWS.map((value) => ({ value, label: t(`stages.show.${value}`) }))}
          onChange={(next) => set('show', next === 'board' ? undefined : next)}
        />
        {mayWrite && (
          <button type="button" className="textlink" onClick={() => void navigate('/settings/stages')}>
            {t('stages.settings')}
          </button>
        )}
      </PageHeader>
      {show === 'board' && (
        <FilterBar
          byStage
          filters={filters}
          onChange={(to) => setParams(changeFilters(params, to), { replace: 'q' in to })}
        />
      )}
      <div className={styles.page}>
        <Loaded query={book} what={t('stages.title')} skeleton={<SkeletonBlock height={420} />}>
          {() =>
            !flow ? (
              <EmptyState icon="swap" title={t('stages.noFlow')} why={t('stages.noFlowWhy')} />
            ) : show === 'board' ? (
              <Board
                key={flow.flowId}
                flow={flow}
                query={toQuery({ ...filters, stageIds: [] })}
                openId={openId}
                onOpen={(id) => set('id', id)}
              />
            ) : (
              <FunnelView flow={flow} />
            )
          }
        </Loaded>
      </div>
    </Split>
  )
}
