import { keepPreviousData } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../api/client.ts'
import { type Group, isWhole, toRule } from './rule.ts'

const PAUSE_MS = 400
/** People buy and talk while a page is open. */
const AGAIN_MS = 5_000

/** What a rule would hold, asked once the typing pauses; the parts after the whole, which is what people wait for. */
export function usePreview(rule: Group, may: boolean) {
  const asked = useSettled(rule)
  const enabled = may && isWhole(asked)
  const init = { body: { rule: toRule(asked) } }
  const options = { enabled, placeholderData: keepPreviousData, retry: false, staleTime: 5_000 }
  const whole = api.useQuery('post', '/api/segments/preview', init, { ...options, refetchInterval: AGAIN_MS })
  const parts = api.useQuery('post', '/api/segments/preview/parts', init, {
    ...options,
    enabled: enabled && whole.isSuccess && !whole.isPlaceholderData,
  })
  return { whole, parts, isCounting: enabled && (whole.isFetching || asked !== rule) }
}

export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
