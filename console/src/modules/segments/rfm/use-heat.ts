import { useShade } from '../../../ui/theme/shade.ts'
import { CHART_COLORS } from '../../../ui/theme/theme.ts'

/** From this step of the ramp on words turn over, so that they read on it. */
const DEEP = { light: 5, dark: 4 } as const

/** The look of a number among others: the nearer to the most, the deeper; of none, nothing. */
export function useHeat(most: number) {
  const shade = useShade()
  const ramp = CHART_COLORS[shade].sequential
  return (value: number) => {
    if (value === 0 || most === 0) return {}
    const step = Math.max(1, Math.ceil((value / most) * (ramp.length - 1)))
    return { style: { background: ramp[step] }, 'data-deep': step >= DEEP[shade] || undefined }
  }
}
