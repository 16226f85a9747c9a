import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './health-mark.module.css'

export type HealthState = 'ok' | 'slow' | 'broken' | 'idle'

/** ● 正常 ▲ 变慢 ■ 中断 ○ 未接入: shape and colour, and a word. */
export function HealthMark({ state, children }: { state: HealthState; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <span className={`${styles.mark} ${styles[state]}`}>
      <svg
        viewBox="0 0 8 8"
        aria-hidden={children === undefined ? true : undefined}
        role={children === undefined ? undefined : 'img'}
        aria-label={children === undefined ? undefined : t(`health.state.${state}`)}
      >
        {state === 'ok' && <circle cx="4" cy="4" r="3" fill="currentColor" />}
        {state === 'slow' && <path d="M4 .5 8 7.500H0z" fill="currentColor" />}
        {state === 'broken' && <path d="M.5.5h7v7h-7z" fill="currentColor" />}
        {state === 'idle' && <circle cx="4" cy="4" r="2.800" fill="none" stroke="currentColor" strokeWidth="1.400" />}
      </svg>
      <span>{children ?? t(`health.state.${state}`)}</span>
    </span>
  )
}

const COLOR = {
  none: 'var(--s-fill)',
  ok: 'color-mix(in srgb, var(--s-brand) 50%, var(--s-card))',
  slow: 'var(--s-warn)',
  failed: 'var(--s-bad)',
}
const STEP = 4

/** 24 hours in half-hours, the newest at the right. A failure stands taller than colour alone would tell. */
export function HealthTicks({
  ticks,
  label,
}: {
  ticks: { startsAt: string; state: keyof typeof COLOR }[]
  label: string
}) {
  return (
    <svg
      viewBox={`0 0 ${ticks.length * STEP} 16`}
      className={styles.ticks}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {ticks.map(({ startsAt, state }, index) => {
        const height = state === 'none' ? 6 : state === 'ok' ? 12 : state === 'slow' ? 14 : 16
        return (
          <rect key={startsAt} x={index * STEP} y={(16 - height) / 2} width={2.6} height={height} fill={COLOR[state]} />
        )
      })}
    </svg>
  )
}
