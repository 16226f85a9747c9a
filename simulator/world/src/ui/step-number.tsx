import { CheckIcon } from './icons.tsx'

export type StepLook = 'todo' | 'now' | 'done' | 'missed'

/** 1–4 of the guided path, in the strip and on the thing itself. Only the next one is solid, with a halo. */
export function StepNumber({ number, look }: { number: number; look: StepLook }) {
  return (
    <span className={`step-number ${look}`} aria-hidden="true">
      {look === 'done' ? <CheckIcon size={12} /> : look === 'missed' ? '!' : number}
    </span>
  )
}
