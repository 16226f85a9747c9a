import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorPanel } from './states.tsx'

interface Props<Data> {
  query: Pick<UseQueryResult<Data, unknown>, 'data' | 'error' | 'isPending' | 'isPlaceholderData' | 'refetch'>
  what: string
  skeleton: ReactNode
  children: (data: Data) => ReactNode
}

/** One query in its three states. Old data stays, faded, while the new is on its way; an error replaces only this block. */
export function Loaded<Data>({ query, what, skeleton, children }: Props<Data>) {
  if (query.data !== undefined) {
    return <div style={query.isPlaceholderData ? { opacity: 0.6 } : undefined}>{children(query.data)}</div>
  }
  if (query.error) {
    return (
      <div>
        <ErrorPanel error={query.error} what={what} retry={() => void query.refetch()} />
      </div>
    )
  }
  return skeleton
}
