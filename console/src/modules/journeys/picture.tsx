import { lazy, Suspense } from 'react'
import { SkeletonBlock } from '../../ui/states.tsx'
import type { CanvasProps } from './canvas-props.ts'
import styles from './journeys.module.css'
import { StepList } from './step-list.tsx'

// Whoever reads the list need not fetch what draws the canvas.
const Canvas = lazy(async () => ({ default: (await import('./canvas.tsx')).Canvas }))

export type As = 'canvas' | 'list'

/** A journey in one of its two readings. */
export function Picture({ as, ...props }: CanvasProps & { as: As }) {
  return (
    <div className={styles.scene} data-as={as}>
      {as === 'list' ? (
        <StepList {...props} />
      ) : (
        <Suspense fallback={<SkeletonBlock height={400} />}>
          <Canvas {...props} />
        </Suspense>
      )}
    </div>
  )
}
