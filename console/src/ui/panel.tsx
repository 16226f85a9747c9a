import type { ReactNode } from 'react'
import styles from './panel.module.css'

interface Props {
  title?: ReactNode
  sub?: ReactNode
  extra?: ReactNode
  /** A list runs to the edge under a ruled header; everything else is padded. */
  edge?: boolean
  className?: string | undefined
  children: ReactNode
}

export function Panel({ title, sub, extra, edge = false, className, children }: Props) {
  return (
    <section className={[styles.panel, className].filter(Boolean).join(' ')}>
      {(title || extra) && (
        <header className={`${styles.head} ${edge ? styles.ruled : ''}`}>
          {title && <h2>{title}</h2>}
          {sub && <span className={styles.sub}>{sub}</span>}
          {extra && <div className={styles.extra}>{extra}</div>}
        </header>
      )}
      <div className={edge ? styles.bare : styles.body} style={title || edge ? undefined : { paddingTop: 16 }}>
        {children}
      </div>
    </section>
  )
}
