import styles from './stages.module.css'

const STEPS = [1, 2, 3, 4] as const

/** Four rising bars and a word: how far along a customer is. `share` of them are filled. */
export function StageMark({ name, color, share }: { name: string; color: string; share?: number }) {
  const filled = Math.max(1, Math.round((share ?? 1) * STEPS.length))
  return (
    <span className={styles.mark} data-color={color}>
      <svg viewBox="0 0 14 12" width="14" height="12" aria-hidden="true">
        {STEPS.map((n) => (
          <rect
            key={n}
            x={(n - 1) * 3.6}
            y={12 - n * 3}
            width="2.6"
            height={n * 3}
            rx="0.8"
            data-filled={n <= filled || undefined}
          />
        ))}
      </svg>
      <span>{name}</span>
    </span>
  )
}

/** How far along its flow a stage is. */
export const shareOf = (stageIds: readonly string[], stageId: string): number =>
  (stageIds.indexOf(stageId) + 1) / Math.max(1, stageIds.length)
