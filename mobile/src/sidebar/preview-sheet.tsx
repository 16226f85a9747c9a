import type { ChatMessage } from '../api/sidebar.ts'
import { Sheet } from '../ui/sheet.tsx'
import type { Sending } from './use-sending.ts'
import { say } from './words.ts'

/** What is about to be said, whole, before it is put into the chat. */
export function PreviewSheet({ sending }: { sending: Sending }) {
  return (
    <Sheet title={say('preview')} closeWord={say('close')} onClose={sending.hide}>
      {sending.shown?.messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages in their order, which does not change
        <p key={index} className="bubble">
          {wordsOf(message)}
        </p>
      ))}
      <button type="button" className="button solid wide" onClick={sending.sendShown}>
        {say('send')}
      </button>
    </Sheet>
  )
}

function wordsOf(message: ChatMessage): string {
  if (message.msgtype === 'text') return message.text.content
  if (message.msgtype === 'news') return `[${message.news.title}]`
  if (message.msgtype === 'miniprogram') return `[${message.miniprogram.title}]`
  return `[${say(`kind_${message.msgtype}`)}]`
}
