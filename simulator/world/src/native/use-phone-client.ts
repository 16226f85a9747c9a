import { type RefObject, useEffect, useRef } from 'react'

/** What a page inside a phone asks of the client around it: a name of WeCom's, or of the simulator's own bridge. */
export type Answer = (name: string, params: Record<string, unknown>) => Promise<Record<string, unknown>>

interface Asked {
  siyuPhone: 'ask'
  id: string
  name: string
  params?: Record<string, unknown>
}
const isAsked = (data: unknown): data is Asked =>
  typeof data === 'object' && data !== null && (data as Partial<Asked>).siyuPhone === 'ask'

/**
 * The client of one phone: hears the page in its frame and nobody else, and answers it alone. Pages of `pageOrigin` are the
 * company's; our own origin inside the frame is the sign-in on its way, which is told who holds the phone and nothing more.
 */
export function usePhoneClient(frame: RefObject<HTMLIFrameElement | null>, pageOrigin: string, answer: Answer): void {
  const latest = useRef(answer)
  useEffect(() => {
    latest.current = answer
  })
  useEffect(() => {
    const hear = ({ source, origin, data }: MessageEvent<unknown>) => {
      if (!source || source !== frame.current?.contentWindow || !isAsked(data)) return
      if (origin !== pageOrigin && !(origin === location.origin && data.name === 'who')) return
      void latest
        .current(data.name, data.params ?? {})
        .then((result) => source.postMessage({ siyuPhone: 'answer', id: data.id, result }, { targetOrigin: origin }))
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [frame, pageOrigin])
}

/** Taps a thing in the page of the staff phone, as the visitor would. */
export function tapInSidebar(pageOrigin: string, parts: readonly string[]): void {
  const frame = document.querySelector<HTMLIFrameElement>('#phone-staff iframe')
  frame?.contentWindow?.postMessage({ siyuPhone: 'tap', parts }, pageOrigin)
}
