import type { Setup, SetupStep } from '../setup.ts'

/** What every step is given. */
export interface StepProps {
  setup: Setup
  step: SetupStep
  /** 1, 2, 3 … */
  place: number
  mayWrite: boolean
  onNext: () => void
}
