import { useEffect, useRef, useState } from 'react'
import type { Effect } from '../../../src/world/records.ts'
import { clock } from '../clock.ts'
import { chatTimeOf } from '../time-words.ts'

const BANNER_MS = 8_000
const SHOWN = 5

/** What a message of the company's app says; cards by their title. */
function wordsOf({ content }: Effect): string {
  const { msgtype, ...payload } = content as { msgtype: string } & Record<string, { content?: string; title?: string }>
  const said = payload[msgtype]
  return said?.content ?? said?.title ?? '一条应用消息'
}

/** What the company's app told this member, the latest first; pressed, it opens. */
export function AppMessages({ messages }: { messages: readonly Effect[] }) {
  const [isOpen, setOpen] = useState(false)
  const [latest] = messages
  if (!latest) return null
  return (
    <div className="app-messages">
      <button type="button" className="inbox-row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className="app-face" aria-hidden="true">
          企
        </span>
        <span className="inbox-words">
          <b>应用消息</b>
          <small>{wordsOf(latest)}</small>
        </span>
        <time>{chatTimeOf(latest.at * 1000, clock.nowMs())}</time>
      </button>
      {isOpen && (
        <ul aria-label="应用消息">
          {messages.slice(0, SHOWN).map((message) => (
            <li key={message.seq}>
              {wordsOf(message)}
              <time>{chatTimeOf(message.at * 1000, clock.nowMs())}</time>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Drops in over whatever the member looks at when the app tells him something new, and goes by itself. */
export function AppBanner({ messages }: { messages: readonly Effect[] | undefined }) {
  const newest = messages?.[0]
  const seen = useRef<number>(undefined)
  const [shown, setShown] = useState<Effect>()
  useEffect(() => {
    if (messages === undefined) return
    const isNews = seen.current !== undefined && newest !== undefined && newest.seq > seen.current
    seen.current = newest?.seq ?? 0
    if (!isNews) return
    setShown(newest)
  }, [messages, newest])
  useEffect(() => {
    if (!shown) return
    const timer = window.setTimeout(() => setShown(undefined), BANNER_MS)
    return () => window.clearTimeout(timer)
  }, [shown])
  if (!shown) return null
  return (
    <button type="button" className="app-banner" onClick={() => setShown(undefined)}>
      <b>应用消息</b>
      <span role="status">{wordsOf(shown)}</span>
    </button>
  )
}
