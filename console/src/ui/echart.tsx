import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use as register } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import type { Shade } from './theme/theme.ts'

register([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer])

/** The one place ECharts is drawn; loaded when the first chart is. */
export function EChart({ option, height, shade }: { option: EChartsCoreOption; height: number; shade: Shade }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current, null, { renderer: 'svg' })
    chart.setOption(option)
    const follow = new ResizeObserver(() => chart.resize())
    follow.observe(box.current)
    return () => {
      follow.disconnect()
      chart.dispose()
    }
  }, [option])
  return <div ref={box} style={{ minHeight: height, height: '100%', width: '100%' }} data-shade={shade} />
}
