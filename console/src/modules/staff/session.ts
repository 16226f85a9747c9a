import { useNavigate } from 'react-router'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import type { Answer } from '../../api/types.ts'

export type Session = Answer<'/api/session'>

export const useSessionQuery = () => api.useQuery('get', '/api/session', {}, { staleTime: 60_000, retry: false })

/**
 * The session when there is one, without asking for it: before the first corp each question is refused, and a page that
 * asked anew whenever it appears would make itself disappear.
 */
export const useKnownSession = (): Session | undefined =>
  api.useQuery('get', '/api/session', {}, { enabled: false }).data

/** Whoever is signed in. Only under the shell, which waits for it. */
export function useSession(): Session {
  const { data } = useSessionQuery()
  if (!data) throw new Error('useSession outside the signed-in shell')
  return data
}

/** What the signed-in role may do; the server refuses the rest anyway, the page does not offer it. */
export function useCan(permission: string): boolean {
  return useSession().permissions.includes(permission)
}

/** Forgets every answer of the corp or person before, and starts at home. */
export function useFreshStart(): () => void {
  const navigate = useNavigate()
  return () => {
    queryClient.clear()
    void navigate('/', { replace: true })
  }
}
