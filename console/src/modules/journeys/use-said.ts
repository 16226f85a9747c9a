import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useVocabulary } from '../segments/use-names.ts'
import type { Problems } from './contract.ts'
import { sayStep, sayTrigger, sayWay } from './say-step.ts'
import { type Draft, START, waysIn } from './steps.ts'

/** A graph as its pictures are told it: where ways lead, and what steps and ways are called. */
export function useSaid(draft: Draft, problems?: Problems) {
  const { t } = useTranslation()
  const words = useVocabulary()
  const waysOf = useMemo(() => waysIn(draft), [draft])
  const faceOf = useCallback(
    (key: string) => {
      const step = draft.steps.find((one) => one.key === key)
      return step ? sayStep(step, t, words, problems?.[key]) : sayTrigger(draft, t, words, problems?.[START])
    },
    [draft, t, words, problems],
  )
  const wordOf = useCallback(
    (key: string, port: string) =>
      sayWay(
        draft.steps.find((one) => one.key === key),
        port,
        t,
      ),
    [draft, t],
  )
  return { waysOf, faceOf, wordOf }
}
