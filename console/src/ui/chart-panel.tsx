import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './chart.module.css'
import { chartOption, type Series } from './chart-option.ts'
import { Icon } from './icon.tsx'
import { Panel } from './panel.tsx'
import { useShade } from './theme/shade.ts'
import { CHART_COLORS } from './theme/theme.ts'

const LATEST_MS = 1_500

/** Settles when the browser has nothing better to do: the page is read and pressed before its charts are drawn. */
const whenIdle = () =>
  new Promise<void>((done) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => done(), { timeout: LATEST_MS })
    else setTimeout(done, 300)
  })

const EChart = lazy(async () => {
  await whenIdle()
  return { default: (await import('./echart.tsx')).EChart }
})

interface Props {
  title: string
  sub?: ReactNode
  /** The conclusion in one sentence: what a reader who cannot see the lines is told. */
  says: string
  labels: string[]
  series: Series[]
  kind?: 'line' | 'bar'
  /** Where the axis ends; it finds its own end without. */
  most?: number
  height?: number
  className?: string
}

/** A chart in a panel, with its legend in the header and the same numbers as a table one press away. */
export function ChartPanel({ title, sub, says, labels, series, kind = 'line', most, height = 200, className }: Props) {
  const { t } = useTranslation()
  const shade = useShade()
  const [asTable, setAsTable] = useState(false)
  const palette = CHART_COLORS[shade]
  const option = useMemo(
    () => chartOption({ labels, series, kind, palette, most }),
    [labels, series, kind, palette, most],
  )
  const extra = (
    <>
      <span className={styles.legend}>
        {series.map(({ name, slot }) => (
          <span key={name}>
            <i
              className={slot === 'compare' ? styles.dashed : undefined}
              style={{ borderColor: slot === 'compare' ? palette.compare : palette.categorical[slot] }}
            />
            {name}
          </span>
        ))}
      </span>
      <button
        type="button"
        className={styles.as}
        aria-pressed={asTable}
        onClick={() => setAsTable(!asTable)}
        aria-label={t('chart.asTable')}
        title={t('chart.asTable')}
      >
        <Icon name="log" size={15} />
      </button>
    </>
  )
  return (
    <Panel title={title} sub={sub} extra={extra} className={className}>
      {asTable ? (
        <div className={styles.scroll} style={{ height }}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col" aria-label={t('chart.when')} />
                {series.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labels.map((label, index) => (
                <tr key={label}>
                  <td>{label}</td>
                  {series.map(({ name, values }) => (
                    <td key={name}>{values[index] ?? '—'}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div role="img" aria-label={says} style={{ minHeight: height, height: '100%' }}>
          <Suspense fallback={null}>
            <EChart option={option} height={height} shade={shade} />
          </Suspense>
        </div>
      )}
    </Panel>
  )
}
