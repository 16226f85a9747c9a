import styles from './progress-bar.module.css'

interface Props {
  label: string
  done: number
  total: number
  /** How far it is, in words. */
  said: string
  failed?: boolean
}

/** How far long work has come. */
export function ProgressBar({ label, done, total, said, failed = false }: Props) {
  const share = total > 0 ? Math.min(100, (done / total) * 100) : 100
  return (
    <span className={styles.progress}>
      <span
        className={styles.track}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-label={label}
      >
        <span className={failed ? styles.failed : undefined} style={{ width: `${share}%` }} />
      </span>
      <span className={styles.count}>{said}</span>
    </span>
  )
}
