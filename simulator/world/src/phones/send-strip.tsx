import type { ChatMessage } from '../../../src/native/send.ts'
import { spaceHan } from '../ui/han-spacing.ts'

interface SendStripProps {
  toWhom: string
  message: ChatMessage
  onDecide(sends: boolean): void
}

const KINDS = { image: '[图片]', video: '[视频]', file: '[文件]' }

/** What the page has put into the chat. Only the member's own tap sends it. */
export function SendStrip({ toWhom, message, onDecide }: SendStripProps) {
  return (
    <div className="send-strip" role="alertdialog" aria-label={spaceHan(`发给${toWhom}`)}>
      <small>{spaceHan(`发给${toWhom}`)}</small>
      <p>{wordsOf(message)}</p>
      <div className="confirm-row">
        <button type="button" className="phone-button" onClick={() => onDecide(false)}>
          不发
        </button>
        <button type="button" className="phone-button solid" onClick={() => onDecide(true)}>
          发送
        </button>
      </div>
    </div>
  )
}

function wordsOf({ msgtype, text, news, miniprogram }: ChatMessage): string {
  if (msgtype === 'text') return text?.content ?? ''
  if (msgtype === 'news') return `[链接] ${news?.title ?? news?.link ?? ''}`
  if (msgtype === 'miniprogram') return `[小程序] ${miniprogram?.title ?? ''}`
  return KINDS[msgtype]
}
