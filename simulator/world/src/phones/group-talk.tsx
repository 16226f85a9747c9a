import { clock } from '../clock.ts'
import type { GroupChat } from '../control-api.ts'
import { separatorOf } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BackIcon } from '../ui/icons.tsx'
import { ScreenHead } from './phone-frame.tsx'
import { RichBubble } from './rich-bubble.tsx'

interface GroupTalkProps {
  name: string
  talk?: GroupChat
  onBack(): void
}

/** A customer group in a customer's phone, with what was said in it. */
export function GroupTalk({ name, talk, onBack }: GroupTalkProps) {
  const nameOf = (id?: string) => talk?.group.members.find((member) => member.id === id)?.name ?? '已离开的人'
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
              <Avatar name={nameOf(message.speaker)} size={34} />
              <RichBubble message={message} corpLabel={nameOf(message.speaker)} />
            </div>
          </div>
        ))}
        {talk?.messages.length === 0 && <p className="chat-note">群里还没有人说话</p>}
      </div>
    </>
  )
}
