import type { ReactNode } from 'react'
import styles from './figures.module.css'
import { Panel } from './panel.tsx'

/** A few numbers side by side: what each is, how much, and what it means. */
export function Figures({
  figures,
  children,
}: {
  figures: readonly (readonly [name: string, value: string, what: string])[]
  children?: ReactNode
}) {
  return (
    <Panel>
      <dl className={styles.figures}>
        {figures.map(([name, value, what]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={styles.value}>{value}</dd>
            <dd className="small quiet">{what}</dd>
          </div>
        ))}
      </dl>
      {children}
    </Panel>
  )
}
