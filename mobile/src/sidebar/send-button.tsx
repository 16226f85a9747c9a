import type { Piece } from '../api/sidebar.ts'
import type { Sending } from './use-sending.ts'
import { say } from './words.ts'

interface SendButtonProps {
  piece: Piece
  /** The words of it that stand beside the button. */
  seen: string
  sending: Sending
  isBest?: boolean
}

export function SendButton({ piece, seen, sending, isBest }: SendButtonProps) {
  const step = sending.stepOf(piece)
  return (
    <button
      type="button"
      className={`button send ${step === 'ready' && isBest ? 'solid' : step}`}
      disabled={step === 'busy' || step === 'waiting'}
      onClick={() => sending.send(piece, seen)}
    >
      {say(step === 'waiting' ? 'waiting' : step === 'sent' ? 'sent' : 'send')}
    </button>
  )
}
