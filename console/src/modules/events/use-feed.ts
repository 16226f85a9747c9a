import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fetchClient } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import type { Answer } from '../../api/types.ts'
import type { EventItem } from './describe-event.ts'
import { insertLive } from './insert-live.ts'
import { mergePairs } from './merge-pairs.ts'

type Page = Answer<'/api/timeline'>

const isEvent = (data: unknown): data is EventItem => typeof data === 'object' && data !== null && 'eventId' in data

/**
 * The company's journal, or one customer's, newest first, kept live. `fresh`: what came while the page was open.
 * `onNews` is told of each.
 */
export function useFeed({
  contactId,
  pageSize,
  kinds,
  onNews,
}: {
  contactId?: string
  pageSize: number
  /** Only these kinds of facts; nothing: all. */
  kinds?: readonly string[] | undefined
  onNews?: () => void
}) {
  const client = useQueryClient()
  const queryKey = ['feed', contactId ?? 'all', pageSize, kinds?.join() ?? 'all']
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page) => page.nextCursor ?? undefined,
    async queryFn({ pageParam, signal }) {
      const given = { query: { before: pageParam, limit: pageSize } }
      const { data, error } =
        contactId === undefined
          ? await fetchClient.GET('/api/timeline', { params: given, signal })
          : await fetchClient.GET('/api/contacts/{contactId}/timeline', {
              params: { query: { ...given.query, kinds: kinds?.join() }, path: { contactId } },
              signal,
            })
      if (error) throw error
      return data
    },
  })
  const live = useLive(
    contactId === undefined ? '/api/live' : `/api/contacts/${contactId}/live`,
    (name, data) => {
      if (name === 'health') return void client.invalidateQueries({ queryKey: ['get', '/api/health'] })
      if (!isEvent(data)) return
      if (kinds && !kinds.includes(data.kind)) return onNews?.()
      client.setQueryData<InfiniteData<Page, string | undefined>>(
        queryKey,
        (old) => old && { ...old, pages: insertLive(old.pages, data) },
      )
      setFresh((known) => new Set(known).add(data.eventId))
      onNews?.()
    },
    () => {
      void client.invalidateQueries({ queryKey })
      onNews?.()
    },
  )
  return { ...query, items: mergePairs(query.data?.pages.flatMap((page) => page.items) ?? []), fresh, live }
}
