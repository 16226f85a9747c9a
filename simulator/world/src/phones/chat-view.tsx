import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { Message } from '../../../src/world/records.ts'
import { clock } from '../clock.ts'
import { useReadMark } from '../native/read-marks.ts'
import { secondsOf, separatorOf } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { CheckIcon } from '../ui/icons.tsx'
import { type ChatLine, linesOf, type NoteNames, type PhoneSide } from './chat-notes.ts'
import { RichBubble } from './rich-bubble.tsx'

interface ChatViewProps {
  messages: readonly Message[]
  side: PhoneSide
  names: NoteNames
  /** Stands after the last line: what is awaited. */
  tail?: ReactNode
}

/** More than this of an old chat is scrolled to rather seldom, and costs the fast clock dearly. */
const MESSAGES_DRAWN = 120

export function ChatView({ messages, side, names, tail }: ChatViewProps) {
  const box = useRef<HTMLDivElement>(null)
  const { customer, staff } = names
  const lines = useMemo(
    () => linesOf(messages.slice(-MESSAGES_DRAWN), side, { customer, staff }),
    [messages, side, customer, staff],
  )
  const lastSeq = messages.at(-1)?.seq
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when something new is said or awaited
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [lastSeq, tail === undefined])

  return (
    <div className="chat" ref={box} role="log" aria-label={`${customer}和${staff}的对话`}>
      {lines.map((line) => (
        <Line key={line.kind === 'time' ? `t${line.at}` : line.message.seq} line={line} names={names} side={side} />
      ))}
      {tail}
    </div>
  )
}

/** What the radar has told of a card. */
function ReadMark({ message, mine }: { message: Message; mine: boolean }) {
  const { url } = (message.content ?? {}) as { url?: string }
  const depth = useReadMark(message.kind === 'link' ? url : undefined)
  if (depth === undefined) return null
  return <p className={mine ? 'read-mark mine' : 'read-mark'}>雷达：打开了，读到 {depth}%</p>
}

function Line({ line, names, side }: { line: ChatLine; names: NoteNames; side: PhoneSide }) {
  if (line.kind === 'time') return <p className="chat-time">{separatorOf(line.at * 1000, clock.nowMs())}</p>
  if (line.kind === 'note') return <p className={line.note.aside ? 'chat-note aside' : 'chat-note'}>{line.note.text}</p>
  const { message, mine, welcomeEnds } = line
  return (
    <>
      <div className={mine ? 'said mine' : 'said'}>
        <Avatar name={names[message.from === 'customer' ? 'customer' : 'staff']} size={34} />
        <RichBubble message={message} corpLabel={names.staff} />
      </div>
      <ReadMark message={message} mine={mine} />
      {welcomeEnds && message.welcome && (
        <p className={mine ? 'welcome-mark mine' : 'welcome-mark'}>
          <CheckIcon size={12} />
          {side === 'customer'
            ? `欢迎语，添加后 ${secondsOf(message.welcome.delaySeconds * 1000)}送达`
            : '欢迎语，本系统自动发出'}
        </p>
      )}
    </>
  )
}
