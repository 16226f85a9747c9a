import { api } from '../../api/client.ts'

const EVERY_MS = 60_000

/** How many lists wait for a yes that this person may give. */
export function useWaitingExports(enabled: boolean): number {
  const { data } = api.useQuery('get', '/api/contact-exports/waiting', {}, { enabled, refetchInterval: EVERY_MS })
  return data?.waiting ?? 0
}
