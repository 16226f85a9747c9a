import type { WireEntry } from '../../../src/wire.ts'
import { useClock, useNow } from '../clock.ts'
import type { Conversation } from '../control-api.ts'
import { WELCOME_TENSE_MS } from '../guide/use-guide.ts'
import { secondsOf } from '../time-words.ts'
import { useResource } from '../use-resource.ts'

interface WelcomeClockProps {
  entry: WireEntry
  welcome: NonNullable<WireEntry['welcome']>
}

/** 欢迎码 20 秒: how much of it was used, is running, or that it ran out. */
export function WelcomeClock({ entry, welcome }: WelcomeClockProps) {
  const { userid, externalUserid, limitMs } = welcome
  const { paused, speed } = useClock()
  useNow(500)
  const path = `/corps/${entry.corpid}/conversations/${encodeURIComponent(userid)}/${encodeURIComponent(externalUserid)}`
  const { data } = useResource<Conversation>(path, [`message:${entry.corpid}:${userid}:${externalUserid}`])
  // The first welcome said after this callback was made is the one its code paid for.
  const issuedAt = Number(/<CreateTime>(?:<!\[CDATA\[)?(\d+)/.exec(entry.callback?.xml ?? '')?.[1] ?? 0)
  const said = data?.messages.find((message) => message.welcome && message.at >= issuedAt)
  const usedMs = welcome.usedMs ?? (said?.welcome ? said.welcome.delaySeconds * 1000 : undefined)
  // A retry leaves seconds after the add, and the code has been running all the while.
  const beforeMs = issuedAt === 0 ? 0 : Math.max(0, entry.at - issuedAt * 1000) / speed
  const isUsed = usedMs !== undefined
  const passedMs = usedMs ?? Math.min(limitMs, beforeMs + Date.now() - entry.realAt)
  const isOver = !isUsed && passedMs >= limitMs
  return (
    <div className={passedMs > WELCOME_TENSE_MS ? 'welcome-clock tense' : 'welcome-clock'}>
      <span>欢迎码 {limitMs / 1000} 秒</span>
      <span className="bar">
        <span style={{ width: `${Math.max(1, (passedMs / limitMs) * 100)}%` }} />
      </span>
      <span>
        {isUsed
          ? `用了 ${secondsOf(usedMs)}`
          : isOver
            ? '已过期，没有补发'
            : paused
              ? '时钟停着'
              : `已过 ${secondsOf(Math.floor(passedMs / 1000) * 1000)}`}
      </span>
    </div>
  )
}
