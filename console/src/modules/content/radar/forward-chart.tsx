import { TreeChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { CHART_COLORS, Shade } from '../../../ui/theme/theme.ts'
import type { Node } from './grow-tree.ts'

register([TreeChart, TooltipComponent, SVGRenderer])

interface Props {
  root: Node
  height: number
  palette: (typeof CHART_COLORS)[Shade]
}

/** The tree from left to right; loaded when there is one. */
export function ForwardChart({ root, height, palette }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current, null, { renderer: 'svg' })
    const label = {
      fontSize: 12,
      color: palette.axis,
      position: 'left',
      align: 'right',
      distance: 8,
      overflow: 'truncate',
      width: 120,
    } as const
    chart.setOption({
      animationDuration: 220,
      tooltip: { trigger: 'item', confine: true, className: 'chart-tip' },
      series: [
        {
          type: 'tree',
          data: [root],
          top: 8,
          bottom: 8,
          left: 140,
          right: 120,
          symbol: 'circle',
          symbolSize: 8,
          initialTreeDepth: -1,
          expandAndCollapse: false,
          itemStyle: { color: palette.categorical[0], borderColor: palette.categorical[0] },
          lineStyle: { color: palette.grid, width: 1.5, curveness: 0.5 },
          label,
          leaves: { label: { ...label, position: 'right', align: 'left' } },
        },
      ],
    })
    const follow = new ResizeObserver(() => chart.resize())
    follow.observe(box.current)
    return () => {
      follow.disconnect()
      chart.dispose()
    }
  }, [root, palette])
  return <div ref={box} style={{ height, minWidth: 640, width: '100%' }} />
}
