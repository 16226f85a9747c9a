import { useState } from 'react'
import { Refused } from '../api/ask.ts'
import type { Outgoing, Piece, Recipient } from '../api/sidebar.ts'
import { opening } from './opening.ts'
import type { Told } from './toast.tsx'
import { say } from './words.ts'

export type Step = 'ready' | 'busy' | 'waiting' | 'sent'

export interface Sending {
  stepOf(piece: Piece): Step
  /** Puts a piece into the chat; what would be said in more words than were `seen` is shown first. */
  send(piece: Piece, seen: string): void
  /** Shown first, and what becomes of it. */
  shown?: Outgoing
  sendShown(): void
  hide(): void
}

const keyOf = ({ piece, id }: Piece) => `${piece} ${id}`

/** One tap of ours, then one in WeCom: only what the client says it has sent is sent. */
export function useSending(about: Recipient, tell: (told?: Told) => void, onSent: () => void): Sending {
  const [steps, setSteps] = useState<Record<string, Step>>({})
  const [shown, setShown] = useState<{ piece: Piece; outgoing: Outgoing }>()
  const step = (piece: Piece, to: Step) => setSteps((was) => ({ ...was, [keyOf(piece)]: to }))

  const fail = (piece: Piece, error: unknown) => {
    console.error(error)
    step(piece, 'ready')
    tell({ text: error instanceof Refused ? error.message || say('offline') : say('notSent'), bad: true })
  }
  const put = async (piece: Piece, outgoing: Outgoing) => {
    setShown(undefined)
    step(piece, 'waiting')
    tell({ text: say('inChat'), stays: true })
    let sent = 0
    try {
      const client = await opening
      for (const message of outgoing.messages) {
        if (!(await client.send(message))) break
        sent++
      }
      tell()
      step(piece, sent > 0 ? 'sent' : 'ready')
      if (sent === 0) return
      await about.sent(piece, outgoing)
      onSent()
    } catch (error) {
      fail(piece, error)
    }
  }
  return {
    stepOf: (piece) => steps[keyOf(piece)] ?? 'ready',
    send(piece, seen) {
      step(piece, 'busy')
      void about
        .outgoing(piece)
        .then((outgoing) => {
          const isSeen = outgoing.messages.every((one) => one.msgtype !== 'text' || seen.includes(one.text.content))
          if (isSeen) return put(piece, outgoing)
          step(piece, 'ready')
          setShown({ piece, outgoing })
        })
        .catch((error: unknown) => fail(piece, error))
    },
    shown: shown?.outgoing,
    sendShown: () => shown && void put(shown.piece, shown.outgoing),
    hide: () => setShown(undefined),
  }
}
