import type { Message } from '../../../src/world/records.ts'
import { clock } from '../clock.ts'
import type { CustomerDetail, Inbox } from '../control-api.ts'
import { chatTimeOf } from '../time-words.ts'
import { Avatar, letterOf } from '../ui/avatar.tsx'
import { spaceHan } from '../ui/han-spacing.ts'
import { StepNumber } from '../ui/step-number.tsx'
import { AppMessages } from './app-messages.tsx'
import { type NoteNames, noteFor } from './chat-notes.ts'
import { ScreenHead } from './phone-frame.tsx'

interface StaffInboxProps {
  inbox?: Inbox
  customer: CustomerDetail
  staffName: string
  isFriend: boolean
  nameOf(externalUserid: string): string
  onOpen(externalUserid: string): void
  onAccept(externalUserid: string): void
  onGroup(chatId: string): void
}

export function StaffInbox({
  inbox,
  customer,
  staffName,
  isFriend,
  nameOf,
  onOpen,
  onAccept,
  onGroup,
}: StaffInboxProps) {
  const isKnown = [...(inbox?.pendingAdds ?? []), ...(inbox?.chats ?? [])].some(
    ({ externalUserid }) => externalUserid === customer.externalUserid,
  )
  const isExpected = inbox !== undefined && !isFriend && !isKnown
  return (
    <>
      <ScreenHead title="消息" />
      <AppMessages messages={inbox?.appMessages ?? []} />
      <ul className="inbox">
        {inbox?.pendingAdds.map(({ externalUserid }) => (
          <li key={externalUserid} className="inbox-waiting">
            <Avatar name={nameOf(externalUserid)} size={40} />
            <span className="inbox-words">
              <b>{nameOf(externalUserid)}</b>
              <small>想加你为好友</small>
            </span>
            <button type="button" className="phone-button solid" onClick={() => onAccept(externalUserid)}>
              {externalUserid === customer.externalUserid && <StepNumber number={1} look="now" />}
              通过
            </button>
          </li>
        ))}
        {isExpected && (
          <li className="inbox-next">
            <span className="next-letter">{letterOf(customer.name)}</span>
            <span className="inbox-words">
              <b>{spaceHan(`下一位会是${customer.name}`)}</b>
              <small>扫码后，对话在这里打开</small>
            </span>
          </li>
        )}
        {inbox?.chats.map(({ externalUserid, name, last }) => (
          <li key={externalUserid}>
            <button
              type="button"
              className="inbox-row"
              aria-current={externalUserid === customer.externalUserid}
              onClick={() => onOpen(externalUserid)}
            >
              <Avatar name={name ?? '客'} size={40} />
              <span className="inbox-words">
                <b>{name ?? '已离开的客户'}</b>
                <LastLine last={last} names={{ customer: name ?? '', staff: staffName }} />
              </span>
              <time>{chatTimeOf(last.at * 1000, clock.nowMs())}</time>
            </button>
          </li>
        ))}
        {inbox?.groups.map(({ chatId, name, memberCount }) => (
          <li key={chatId}>
            <button type="button" className="inbox-row" onClick={() => onGroup(chatId)}>
              <Avatar name={name || '群'} size={40} />
              <span className="inbox-words">
                <b>{name || '未命名的群'}</b>
                <small>客户群 · {memberCount} 人</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {inbox?.chats.length === 0 && !isExpected && <p className="chat-note">还没有人找过这位成员</p>}
    </>
  )
}

function LastLine({ last, names }: { last: Message; names: NoteNames }) {
  if (last.from === 'system') {
    const { text, aside } = noteFor('staff', last.text, names)
    return <small className={aside ? 'aside' : undefined}>{text}</small>
  }
  return (
    <small>
      {last.from === 'staff' && '[你] '}
      {last.text}
    </small>
  )
}
