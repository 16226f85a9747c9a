import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toProblem } from '../api/problem.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './states.module.css'

/** Below this a wait is not felt; a skeleton that flashes is worse than none. */
const LATE_MS = 200

function useLate(): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), LATE_MS)
    return () => clearTimeout(timer)
  }, [])
  return late
}

export function Bone({ width, height = 10 }: { width: number | string; height?: number }) {
  return <span className={styles.bone} style={{ width, height, display: 'inline-block' }} />
}

/** The same rows that will come, in grey; nothing for the first 200 ms. */
export function SkeletonRows({
  rows = 8,
  avatar = true,
  height = 40,
}: {
  rows?: number
  avatar?: boolean
  height?: number
}) {
  const late = useLate()
  const { t } = useTranslation()
  return (
    <div className={styles.rows} role="status" aria-label={t('states.loading')} style={{ minHeight: rows * height }}>
      {late &&
        Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          <div key={index} className={styles.row} style={{ height }}>
            {avatar && <span className={`${styles.bone} ${styles.round}`} />}
            <span className={styles.bone} style={{ width: `${18 + ((index * 7) % 12)}%` }} />
            <span className="spring" />
            <span className={styles.bone} style={{ width: `${12 + ((index * 5) % 8)}%` }} />
            <span className={styles.bone} style={{ width: '8%' }} />
          </div>
        ))}
    </div>
  )
}

/** A block of a panel that is not a list. */
export function SkeletonBlock({ height = 120 }: { height?: number }) {
  const late = useLate()
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('states.loading')} style={{ minHeight: height, paddingTop: 8 }}>
      {late && (
        <div style={{ display: 'grid', gap: 14 }}>
          <Bone width="60%" />
          <Bone width="90%" />
          <Bone width="75%" />
          <Bone width="40%" />
        </div>
      )}
    </div>
  )
}

/** What belongs here, why nothing is here, and the next step. */
export function EmptyState({
  icon,
  title,
  why,
  action,
  small = false,
}: {
  icon: IconName
  title: string
  why?: ReactNode
  action?: ReactNode
  small?: boolean
}) {
  return (
    <div className={`${styles.empty} ${small ? styles.small : ''}`}>
      <span className={styles.glyph}>
        <Icon name={icon} size={22} />
      </span>
      <h3>{title}</h3>
      {why && <p>{why}</p>}
      {action && <div className={styles.go}>{action}</div>}
    </div>
  )
}

interface ErrorProps {
  error: unknown
  /** What could not be shown: 客户列表. */
  what: string
  retry?: () => void
}

/** Something could not be shown: what, what is safe, what to do. */
export function ErrorPanel({ error, what, retry }: ErrorProps) {
  const { t } = useTranslation()
  return <Refusal error={error} title={t('states.errorTitle', { what })} safe={t('states.safe')} retry={retry} />
}

/** Something was not saved. What was typed is still there; the server's words say what to mend, field by field. */
export function NotSaved({ error, title }: { error: unknown; title?: string }) {
  const { t } = useTranslation()
  return <Refusal error={error} title={title ?? t('states.notSaved')} safe={t('states.typedStays')} retry={undefined} />
}

/** Messages of WeCom come without their full stop; ours follow. */
const endSentence = (text: string) => (/[。！？.!?]$/.test(text) ? text : `${text}。`)

interface RefusalProps {
  error: unknown
  title: string
  safe: string
  retry: (() => void) | undefined
}

/** What happened, what is safe, what to do; then the code and the request's number for whoever looks deeper. */
function Refusal({ error, title, safe, retry }: RefusalProps) {
  const { t } = useTranslation()
  const { code, message, requestId, fields } = toProblem(error)
  const offline = code === 'network'
  return (
    <div className={styles.error} role="alert">
      <h3>{offline ? t('states.offlineTitle') : title}</h3>
      <p>
        {offline ? t('states.offlineWhy') : endSentence(message || t('states.unknownWhy'))}
        {fields && endSentence(Object.values(fields).join('；'))}
        {safe}
      </p>
      <div className={styles.foot}>
        {retry && (
          <Button size="small" icon={<Icon name="refresh" size={14} />} onClick={retry}>
            {t('states.retry')}
          </Button>
        )}
        {!offline && (
          <span className="mono">
            {code}
            {requestId && ` · ${requestId}`}
          </span>
        )}
      </div>
    </div>
  )
}
