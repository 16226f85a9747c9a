import { useEffect, useState } from 'react'
import { ControlError, type CustomerPage, getControl } from '../control-api.ts'

const PAGE = 50
const TYPING_MS = 250

interface Pages {
  query: string
  pages: CustomerPage[]
}

/** One page at a time: a company may have tens of thousands of customers. A new search starts over. */
export function useCustomerPages(corpid: string, query: string) {
  const [state, setState] = useState<Pages>({ query, pages: [] })
  const [isLoading, setLoading] = useState(true)

  useEffect(() => {
    const halt = new AbortController()
    const readFirst = async () => {
      setLoading(true)
      const page = await readPage(corpid, query, 0, halt.signal)
      if (page) setState({ query, pages: [page] })
      setLoading(false)
    }
    const timer = setTimeout(() => void readFirst(), TYPING_MS)
    return () => {
      halt.abort()
      clearTimeout(timer)
    }
  }, [corpid, query])

  const cursor = state.pages.at(-1)?.nextCursor
  const readMore = async () => {
    if (cursor === undefined) return
    setLoading(true)
    const page = await readPage(corpid, state.query, cursor)
    if (page) setState((was) => (was.query === state.query ? { ...was, pages: [...was.pages, page] } : was))
    setLoading(false)
  }
  return { pages: state.pages, more: cursor === undefined ? undefined : () => void readMore(), isLoading }
}

/** Nothing when it was called off, or the world is away: the list then stays as it is. */
async function readPage(corpid: string, query: string, cursor: number, signal?: AbortSignal) {
  const search = new URLSearchParams({ q: query, limit: String(PAGE), cursor: String(cursor) })
  try {
    return await getControl<CustomerPage>(`/corps/${corpid}/customers?${search}`, signal)
  } catch (error) {
    if (error instanceof ControlError || signal?.aborted) return undefined
    throw error
  }
}
