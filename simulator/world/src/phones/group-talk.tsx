import { clock } from '../clock.ts'
import type { GroupTalkView } from '../control-api.ts'
import { separatorOf } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BackIcon } from '../ui/icons.tsx'
import { ScreenHead } from './phone-frame.tsx'
import { RichBubble } from './rich-bubble.tsx'

interface GroupTalkProps {
  name: string
  talk?: GroupTalkView
  onBack(): void
}

/** A customer group, with what members have sent into it. Customers say nothing here: their words reach no company. */
export function GroupTalk({ name, talk, onBack }: GroupTalkProps) {
  return (
    <>
      <ScreenHead
        title={name || '客户群'}
        left={
          <button type="button" aria-label="返回" onClick={onBack}>
            <BackIcon size={18} />
          </button>
        }
      />
      <div className="chat" role="log" aria-label={name}>
        {talk?.messages.map((message) => (
          <div key={message.seq}>
            <p className="chat-time">{separatorOf(message.at * 1000, clock.nowMs())}</p>
            <div className="said">
              <Avatar name={message.name} size={34} />
              <RichBubble message={message} corpLabel={message.name} />
            </div>
          </div>
        ))}
        {talk?.messages.length === 0 && <p className="chat-note">群里还没有群发消息</p>}
      </div>
    </>
  )
}
