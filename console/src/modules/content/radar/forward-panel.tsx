import { lazy, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../../ui/loaded.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, SkeletonBlock } from '../../../ui/states.tsx'
import { useShade } from '../../../ui/theme/shade.ts'
import { CHART_COLORS } from '../../../ui/theme/theme.ts'
import { growTree, leavesOf } from './grow-tree.ts'
import styles from './radar.module.css'
import { type Edge, useForwards } from './use-radar.ts'

const ForwardChart = lazy(async () => ({ default: (await import('./forward-chart.tsx')).ForwardChart }))
const LEAF_PX = 26

/** Who sent it on to whom. */
export function ForwardPanel({ materialId, title, forwards }: { materialId: string; title: string; forwards: number }) {
  const { t } = useTranslation()
  const tree = useForwards(materialId)
  return (
    <Panel title={t('radar.forward.title')} sub={t('radar.forward.sub')}>
      {forwards === 0 ? (
        <EmptyState small icon="link" title={t('radar.forward.none')} why={t('radar.forward.noneWhy')} />
      ) : (
        <Loaded query={tree} what={t('radar.forward.title')} skeleton={<SkeletonBlock height={200} />}>
          {({ edges, more }) => (
            <>
              <Tree edges={edges} title={title} />
              {more && <p className={styles.note}>{t('radar.forward.more', { n: edges.length })}</p>}
            </>
          )}
        </Loaded>
      )}
    </Panel>
  )
}

function Tree({ edges, title }: { edges: Edge[]; title: string }) {
  const { t } = useTranslation()
  const shade = useShade()
  const stranger = t('radar.readers.stranger')
  const root = useMemo(() => growTree(edges, title, stranger), [edges, title, stranger])
  const says = edges
    .slice(0, 20)
    .map(({ from, to }) => t('radar.forward.says', { from: from.name || stranger, to: to.name || stranger }))
    .join('；')
  return (
    <div role="img" aria-label={says} className={styles.scroll}>
      <Suspense fallback={<SkeletonBlock height={200} />}>
        <ForwardChart root={root} height={Math.max(140, leavesOf(root) * LEAF_PX + 24)} palette={CHART_COLORS[shade]} />
      </Suspense>
    </div>
  )
}
