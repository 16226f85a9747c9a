import type { ReactNode } from 'react'
import type { Message } from '../../../src/world/records.ts'
import { clock } from '../clock.ts'
import type { CustomerDetail, Inbox, MassNoticeView, MomentNoticeView, Notices } from '../control-api.ts'
import { chatTimeOf } from '../time-words.ts'
import { Avatar, letterOf } from '../ui/avatar.tsx'
import { spaceHan } from '../ui/han-spacing.ts'
import { HornIcon, RingIcon } from '../ui/icons.tsx'
import { StepNumber } from '../ui/step-number.tsx'
import { AppMessages } from './app-messages.tsx'
import { type NoteNames, noteFor } from './chat-notes.ts'
import { isOpen } from './mass-assistant.tsx'
import { ScreenHead } from './phone-frame.tsx'

interface StaffInboxProps {
  inbox?: Inbox
  customer: CustomerDetail
  staffName: string
  isFriend: boolean
  notices?: Notices
  nameOf(externalUserid: string): string
  onNotices(which: 'mass' | 'moments'): void
  onOpen(externalUserid: string): void
  onAccept(externalUserid: string): void
  onGroup(chatId: string): void
}

export function StaffInbox(props: StaffInboxProps) {
  const { inbox, customer, staffName, isFriend, notices, nameOf, onNotices, onOpen, onAccept, onGroup } = props
  const isKnown = [...(inbox?.pendingAdds ?? []), ...(inbox?.chats ?? [])].some(
    ({ externalUserid }) => externalUserid === customer.externalUserid,
  )
  const isExpected = inbox !== undefined && !isFriend && !isKnown
  return (
    <>
      <ScreenHead title="消息" />
      <AppMessages messages={inbox?.appMessages ?? []} />
      <ul className="inbox">
        <NoticeRow
          title="群发助手"
          mark={<HornIcon size={20} />}
          notices={notices?.mass ?? []}
          verb="发送"
          onOpen={() => onNotices('mass')}
        />
        <NoticeRow
          title="客户朋友圈"
          mark={<RingIcon size={20} />}
          notices={notices?.moments ?? []}
          verb="发表"
          onOpen={() => onNotices('moments')}
        />
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

interface NoticeRowProps {
  title: string
  mark: ReactNode
  notices: readonly (MassNoticeView | MomentNoticeView)[]
  verb: string
  onOpen(): void
}

/** WeCom's own assistants stand above the chats once they have something to say. */
function NoticeRow({ title, mark, notices, verb, onOpen }: NoticeRowProps) {
  const [latest] = notices
  if (!latest) return null
  const open = notices.filter(isOpen)
  const words = (open[0] ?? latest).bubbles[0]?.text ?? ''
  return (
    <li>
      <button type="button" className="inbox-row" onClick={onOpen}>
        <span className="notice-mark">{mark}</span>
        <span className="inbox-words">
          <b>{title}</b>
          <small>{open.length > 0 ? `请你${verb}：${words}` : words}</small>
        </span>
        {open.length > 0 ? (
          <span className="notice-count" title={spaceHan(`${open.length} 条待${verb}`)}>
            {open.length}
          </span>
        ) : (
          <time>{chatTimeOf(latest.at * 1000, clock.nowMs())}</time>
        )}
      </button>
    </li>
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
