import { useEffect, useRef, useState } from 'react'
import type { GroupMember } from '../../../src/world/records.ts'
import { type CorpView, doAction, type GroupChat, type StaffView } from '../control-api.ts'
import { Avatar } from '../ui/avatar.tsx'
import { spaceHan } from '../ui/han-spacing.ts'
import { BackIcon } from '../ui/icons.tsx'
import { useResource } from '../use-resource.ts'
import { Composer } from './composer.tsx'
import { ScreenHead } from './phone-frame.tsx'
import { RichBubble } from './rich-bubble.tsx'
import { SidebarPanel } from './sidebar-panel.tsx'

const LINES = ['大家下午好。', '新茶到店了，想试的说一声。']
const MESSAGES_DRAWN = 60

interface GroupScreenProps {
  corp: CorpView
  staff: StaffView
  chatId: string
  consoleUrl: string
  onBack(): void
  onOpen(externalUserid: string): void
}

/** A group of customers in the staff phone: what is said in it, and our page beside it. */
export function GroupScreen({ corp, staff, chatId, consoleUrl, onBack, onOpen }: GroupScreenProps) {
  const [isBeside, setBeside] = useState(true)
  const { corpid } = corp
  const topics = [`message:${corpid}:${chatId}`, `group:${corpid}:${chatId}`]
  const chat = useResource<GroupChat>(`/corps/${corpid}/groups/${chatId}/chat`, topics)
  const members = new Map(chat.data?.group.members.map((member) => [member.id, member]))
  const name = chat.data?.group.name ?? ''
  const isIn = [...members.keys()].some((id) => id.toLowerCase() === staff.userid.toLowerCase())
  const say = (text: string) => void doAction(corpid, { type: 'group_says', chatId, id: staff.userid, text })
  return (
    <>
      <ScreenHead
        title={name || '客户群'}
        sub={chat.data && `客户群 · ${members.size} 人`}
        left={
          <button type="button" aria-label="返回" onClick={onBack}>
            <BackIcon size={18} />
          </button>
        }
        right={
          <button type="button" className="head-words" aria-pressed={isBeside} onClick={() => setBeside((was) => !was)}>
            侧边栏
          </button>
        }
      />
      <Said chat={chat.data} members={members} own={staff.userid} />
      {isBeside ? (
        <SidebarPanel
          corp={corp}
          beside={{ chatId }}
          toWhom={name || '这个群'}
          staff={staff}
          consoleUrl={consoleUrl}
          onTouch={() => undefined}
          onProfile={(externalUserid) => externalUserid && onOpen(externalUserid)}
          onClose={() => setBeside(false)}
        />
      ) : (
        <Composer
          placeholder={spaceHan(`替${staff.name}在群里说一句`)}
          lines={LINES}
          blocked={isIn ? undefined : spaceHan(`${staff.name}不在这个群里`)}
          onSay={say}
        />
      )}
    </>
  )
}

function Said({
  chat,
  members,
  own,
}: {
  chat: GroupChat | undefined
  members: ReadonlyMap<string, GroupMember>
  own: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const messages = chat?.messages.slice(-MESSAGES_DRAWN) ?? []
  const lastSeq = messages.at(-1)?.seq
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when something new is said
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [lastSeq])
  return (
    <div className="chat" ref={box} role="log" aria-label={`${chat?.group.name ?? ''}里说的话`}>
      {chat?.group.notice && <p className="chat-note">群公告：{chat.group.notice}</p>}
      {chat && messages.length === 0 && <p className="chat-note">群里还没有人说话</p>}
      {messages.map((message) => {
        const speaker = members.get(message.speaker ?? '')?.name ?? '已离开的人'
        const isOwn = message.speaker?.toLowerCase() === own.toLowerCase()
        return (
          <div key={message.seq} className={isOwn ? 'said mine' : 'said'}>
            <Avatar name={speaker} size={34} />
            <RichBubble message={message} corpLabel={speaker} />
          </div>
        )
      })}
    </div>
  )
}
