import { keepPreviousData } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { toQuery } from './filters.ts'

/** Who stands before and after a customer in the list he was opened from. */
export function useNeighbours(contactId: string | undefined, query: ReturnType<typeof toQuery>) {
  const found = api.useQuery(
    'get',
    '/api/contacts/{contactId}/neighbours',
    { params: { path: { contactId: contactId ?? '' }, query } },
    { enabled: contactId !== undefined, placeholderData: keepPreviousData },
  )
  const known = found.isPlaceholderData ? undefined : found.data
  return { previousId: known?.previousId ?? undefined, nextId: known?.nextId ?? undefined }
}
