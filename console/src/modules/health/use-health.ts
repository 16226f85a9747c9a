import { useEffect } from 'react'
import { api } from '../../api/client.ts'
import type { Answer } from '../../api/types.ts'
import { setServerTime } from '../../ui/clock.ts'

export type Health = Answer<'/api/health'>
export type Lane = Health['lanes'][number]
export type Failure = Health['failures'][number]

const EVERY_MS = 30_000

/** The health of every lane, looked at again every 30 seconds; it also tells us the server's time. */
export function useHealth(allowed = true) {
  const query = api.useQuery('get', '/api/health', {}, { refetchInterval: EVERY_MS, enabled: allowed })
  const checkedAt = query.data?.checkedAt
  useEffect(() => {
    if (checkedAt) setServerTime(checkedAt)
  }, [checkedAt])
  return query
}

/** Lanes that want somebody's attention. */
export function useTroubles(allowed: boolean): number {
  const { data } = useHealth(allowed)
  return data?.lanes.filter(({ state }) => state === 'broken' || state === 'slow').length ?? 0
}
