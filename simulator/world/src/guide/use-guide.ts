import { useEffect, useRef, useState } from 'react'
import { clock } from '../clock.ts'
import type { Conversation } from '../control-api.ts'
import { useStored } from '../ui/use-stored.ts'
import { type GuidePath, type PathMemory, pathOf, remember, type WelcomeState, welcomeOf } from './guide-path.ts'

/** WeCom takes a welcome within 20 s of the add, in wire time; at 18 s we say that it will be late. */
export const WELCOME_LIMIT_MS = 20_000
export const WELCOME_TENSE_MS = 18_000
/** Tags of a channel code arrive within a second or two of the add; what comes later was put on by somebody. */
const SETTLE_MS = 5000
const TICK_MS = 250

export interface Guide extends GuidePath {
  welcome: WelcomeState
  /** Wire milliseconds since the add, while the welcome is awaited. */
  waitedMs: number
  delaySeconds?: number
  markTagged(): void
  markOpened(): void
  forget(): void
}

interface Meeting {
  seq: number
  /** Wire time of the add, as well as we can tell. */
  addedWireMs: number
  settledAt: number
}

export function useGuide(key: string, conversation: Conversation | undefined): Guide {
  const [memory, setMemory] = useStored<PathMemory>(`path:${key}`, {})
  const meeting = useRef<Meeting>(undefined)
  const [, tick] = useState(0)
  const follow = conversation?.follow

  if (follow && clock.known && meeting.current?.seq !== follow.seq) {
    const ageMs = Math.max(0, clock.nowMs() - follow.createtime * 1000)
    meeting.current = {
      seq: follow.seq,
      // Seen late (a reload): in a fast world its age overstates the wait, which then simply ends early.
      addedWireMs: clock.wireMs() - (ageMs < 3000 * clock.view.speed ? 0 : ageMs),
      settledAt: Date.now() + SETTLE_MS,
    }
  }
  const said = follow && welcomeOf(conversation.messages, follow)
  const waitedMs = meeting.current ? Math.max(0, clock.wireMs() - meeting.current.addedWireMs) : 0
  const welcome: WelcomeState = !follow ? 'none' : said ? 'sent' : waitedMs < WELCOME_LIMIT_MS ? 'waiting' : 'missed'
  const settling = welcome === 'waiting' || Date.now() < (meeting.current?.settledAt ?? 0)
  const facts = { follow, welcome, settling }

  useEffect(() => {
    if (!conversation) return
    const next = remember(memory, { follow, welcome, settling })
    if (next !== memory) setMemory(next)
  })
  useEffect(() => {
    if (!settling) return
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS)
    return () => clearInterval(timer)
  }, [settling])

  return {
    ...pathOf(facts, memory),
    welcome,
    waitedMs,
    delaySeconds: said?.welcome?.delaySeconds,
    markTagged: () => setMemory({ ...remember(memory, facts), tagged: true }),
    markOpened: () => setMemory({ ...remember(memory, facts), opened: true }),
    forget: () => setMemory({}),
  }
}
