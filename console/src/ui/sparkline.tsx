interface Props {
  values: number[]
  /** The period before, dashed. */
  before?: number[]
  width?: number
  height?: number
  area?: boolean
  label: string
}

const PAD = 4

/** A hand-drawn line: teal, zero always in sight, its last point marked. */
export function Sparkline({ values, before, width = 96, height = 28, area = true, label }: Props) {
  const all = [...values, ...(before ?? [])]
  const floor = Math.min(0, ...all)
  const top = Math.max(1, ...all)
  const x = (index: number, of: number) => PAD + (index * (width - 2 * PAD)) / Math.max(1, of - 1)
  const y = (value: number) => height - PAD - ((value - floor) / (top - floor)) * (height - 2 * PAD)
  const path = (series: number[]) =>
    series.map((v, i) => `${i === 0 ? 'M' : 'L'}${x(i, series.length).toFixed(1)} ${y(v).toFixed(1)}`).join('')
  const last = values.at(-1)
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {area && values.length > 1 && (
        <path
          d={`${path(values)}L${x(values.length - 1, values.length)} ${y(0)}L${PAD} ${y(0)}Z`}
          fill="var(--s-brand)"
          opacity={0.08}
        />
      )}
      {before && before.length > 1 && (
        <path d={path(before)} fill="none" stroke="var(--s-ink-4)" strokeWidth={1.2} strokeDasharray="2 3" />
      )}
      {values.length > 1 && (
        <path
          d={path(values)}
          fill="none"
          stroke="var(--s-brand)"
          strokeWidth={1.6}
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      )}
      {last !== undefined && (
        <circle
          cx={x(values.length - 1, values.length)}
          cy={y(last)}
          r={2.5}
          fill="var(--s-brand)"
          stroke="var(--s-card)"
          strokeWidth={1.5}
        />
      )}
    </svg>
  )
}
