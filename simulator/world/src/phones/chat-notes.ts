import type { Message } from '../../../src/world/records.ts'
import { spaceHan } from '../ui/han-spacing.ts'

export type PhoneSide = 'customer' | 'staff'

export interface NoteNames {
  customer: string
  staff: string
}

export interface ChatNote {
  text: string
  /** Only the simulator knows: WeCom shows this on neither phone, or not on this one. */
  aside: boolean
}

/** A grey line as the person holding this phone would read it. The log has one wording for both. */
export function noteFor(side: PhoneSide, text: string, names: NoteNames): ChatNote {
  const note = turnNote(side, text, names)
  return { ...note, text: spaceHan(note.text) }
}

function turnNote(side: PhoneSide, text: string, { customer, staff }: NoteNames): ChatNote {
  if (text.startsWith('你已添加')) {
    return { text: side === 'customer' ? text : `${customer}加了你，可以开始聊天了`, aside: false }
  }
  if (text === `${customer}删掉了${staff}`) {
    if (side === 'customer') return { text: `你删掉了${staff}`, aside: true }
    // WeCom tells the company by callback, and the member not at all.
    return { text: `${customer}删掉了你，你的手机上看不出来`, aside: true }
  }
  if (text === `${staff}删掉了${customer}`) {
    if (side === 'staff') return { text: `你删掉了${customer}`, aside: true }
    return { text: `${staff}删掉了你，你的手机上看不出来`, aside: true }
  }
  return { text, aside: false }
}

/** Seconds of silence after which a chat shows the time again. */
const SILENCE_S = 300

export type ChatLine =
  | { kind: 'time'; at: number }
  | { kind: 'said'; message: Message; mine: boolean; welcomeEnds: boolean }
  | { kind: 'note'; message: Message; note: ChatNote }

/** What stands in a chat, top to bottom, on one of the two phones. */
export function linesOf(messages: readonly Message[], side: PhoneSide, names: NoteNames): ChatLine[] {
  const lines: ChatLine[] = []
  let lastAt = Number.NEGATIVE_INFINITY
  messages.forEach((message, index) => {
    if (message.at - lastAt > SILENCE_S) lines.push({ kind: 'time', at: message.at })
    lastAt = message.at
    if (message.from === 'system') {
      lines.push({ kind: 'note', message, note: noteFor(side, message.text, names) })
      return
    }
    const next = messages[index + 1]
    const welcomeEnds = message.welcome !== undefined && next?.welcome === undefined
    lines.push({ kind: 'said', message, mine: message.from === side, welcomeEnds })
  })
  return lines
}
