import type { EChartsCoreOption } from 'echarts/core'
import type { CHART_COLORS, Shade } from './theme/theme.ts'

export interface Series {
  name: string
  /** A slot of the palette in its fixed order, or the period compared with: dashed, behind. */
  slot: 0 | 1 | 2 | 3 | 4 | 5 | 'compare'
  values: (number | null)[]
  area?: boolean
}

interface Given {
  labels: string[]
  series: Series[]
  kind: 'line' | 'bar'
  palette: (typeof CHART_COLORS)[Shade]
  /** Where the axis ends, of shares: at a hundred and no higher. */
  most?: number | undefined
}

/** Our one look for lines and columns: from zero, at most four grid lines, the last point marked. */
export function chartOption({ labels, series, kind, palette, most }: Given): EChartsCoreOption {
  const text = { color: palette.axis, fontSize: 12, fontFamily: 'inherit' }
  return {
    animationDuration: 220,
    grid: { left: 4, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      confine: true,
      className: 'chart-tip',
      axisPointer: { type: kind === 'line' ? 'line' : 'shadow', lineStyle: { color: palette.compare } },
    },
    xAxis: {
      type: 'category',
      data: labels,
      boundaryGap: kind === 'bar',
      axisLine: { lineStyle: { color: palette.grid } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, showMaxLabel: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...(most === undefined ? {} : { max: most, interval: most / 4 }),
      minInterval: 1,
      splitNumber: 4,
      axisLabel: text,
      splitLine: { lineStyle: { color: palette.grid } },
    },
    series: series.map(({ name, slot, values, area }) => {
      const color = slot === 'compare' ? palette.compare : palette.categorical[slot]
      if (kind === 'bar' && slot !== 'compare')
        return { name, type: 'bar', data: values, barMaxWidth: 18, itemStyle: { color, borderRadius: [3, 3, 0, 0] } }
      const last = values.findLastIndex((value) => value !== null)
      return {
        name,
        type: 'line',
        color,
        z: slot === 'compare' ? 1 : 3,
        data: values.map((value, index) => ({
          value,
          symbol: index === last && slot !== 'compare' ? 'circle' : 'none',
          symbolSize: 6,
        })),
        lineStyle: slot === 'compare' ? { width: 1.5, type: 'dashed', color } : { width: 2, color },
        areaStyle: area ? { color, opacity: 0.08 } : undefined,
      }
    }),
  }
}
