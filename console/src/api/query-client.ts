import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { toProblem } from './problem.ts'

const SIGNED_OUT = 'platform.sign_in_required'

/** A session that ended elsewhere shows on the next request of any kind: asking again who is signed in leads to the sign-in page. */
function noticeSignedOut(error: unknown): void {
  if (toProblem(error).code === SIGNED_OUT) void queryClient.invalidateQueries({ queryKey: ['get', '/api/session'] })
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[1] !== '/api/session') noticeSignedOut(error)
    },
  }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will be refused again; only a request nobody answered is worth a second try.
      retry: (count, error) => toProblem(error).code === 'network' && count < 2,
    },
  },
})
