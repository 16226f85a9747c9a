import { clock } from '../clock.ts'
import type { MassNoticeView, MomentNoticeView } from '../control-api.ts'
import { separatorOf } from '../time-words.ts'
import { spaceHan } from '../ui/han-spacing.ts'
import { BackIcon } from '../ui/icons.tsx'
import { stateOfMass, stateOfMoment, whomOf } from './notice-words.ts'
import { ScreenHead } from './phone-frame.tsx'
import { RichBubble } from './rich-bubble.tsx'

interface NoticeScreenProps {
  isBusy: boolean
  onBack(): void
}

/** 群发助手: what the company asks this member to send. Nothing goes out before he presses. */
export function MassAssistant({
  notices,
  onSend,
  onLater,
  onDecline,
  ...screen
}: NoticeScreenProps & {
  notices: readonly MassNoticeView[]
  onSend(msgid: string): void
  onLater(msgid: string): void
  onDecline(msgid: string): void
}) {
  return (
    <>
      <NoticeHead title="群发助手" onBack={screen.onBack} />
      <ul className="notices" aria-label="群发助手">
        {notices.map((notice) => (
          <li key={notice.msgid} className="notice-card">
            <NoticeTop
              title={notice.own ? '你自己的群发' : '企业请你群发'}
              at={notice.at}
              reminders={notice.reminders}
            />
            <Preview notice={notice} />
            <p className="notice-whom">{spaceHan(whomOf(notice))}</p>
            <NoticeFoot
              words={stateOfMass(notice)}
              isOpen={isOpen(notice)}
              isDeclined={notice.state === 'declined'}
              verb="发送"
              isBusy={screen.isBusy}
              onYes={() => onSend(notice.msgid)}
              onLater={() => onLater(notice.msgid)}
              onNo={() => onDecline(notice.msgid)}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

/** 客户朋友圈: what the company asks this member to publish, and who liked it. */
export function MomentAssistant({
  notices,
  onPublish,
  onLater,
  onDecline,
  ...screen
}: NoticeScreenProps & {
  notices: readonly MomentNoticeView[]
  onPublish(momentId: string): void
  onLater(momentId: string): void
  onDecline(momentId: string): void
}) {
  return (
    <>
      <NoticeHead title="客户朋友圈" onBack={screen.onBack} />
      <ul className="notices" aria-label="客户朋友圈">
        {notices.map((notice) => (
          <li key={notice.momentId} className="notice-card">
            <NoticeTop title="企业请你发表" at={notice.at} reminders={0} />
            <Preview notice={notice} />
            <p className="notice-whom">{spaceHan(`给 ${notice.recipients} 位客户看`)}</p>
            <NoticeFoot
              words={stateOfMoment(notice)}
              isOpen={isOpen(notice)}
              isDeclined={notice.state === 'declined'}
              verb="发表"
              isBusy={screen.isBusy}
              onYes={() => onPublish(notice.momentId)}
              onLater={() => onLater(notice.momentId)}
              onNo={() => onDecline(notice.momentId)}
            />
            {notice.comments.length > 0 && (
              <div className="moment-talk">
                {notice.comments.map(({ name, text, at }) => (
                  <p key={`${name} ${at}`}>
                    <b>{name}</b> {text}
                  </p>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

export function isOpen({ state, cancelled }: Pick<MassNoticeView | MomentNoticeView, 'state' | 'cancelled'>): boolean {
  return !cancelled && state !== 'sent' && state !== 'published'
}

function NoticeHead({ title, onBack }: { title: string; onBack(): void }) {
  return (
    <ScreenHead
      title={title}
      left={
        <button type="button" aria-label="返回" onClick={onBack}>
          <BackIcon size={18} />
        </button>
      }
    />
  )
}

function NoticeTop({ title, at, reminders }: { title: string; at: number; reminders: number }) {
  return (
    <p className="notice-top">
      <b>{title}</b>
      {reminders > 0 && <span>{spaceHan(`企业提醒过 ${reminders} 次`)}</span>}
      <time>{separatorOf(at * 1000, clock.nowMs())}</time>
    </p>
  )
}

function Preview({ notice }: { notice: MassNoticeView | MomentNoticeView }) {
  return (
    <div className="notice-preview">
      {notice.bubbles.map((bubble, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what a task says never changes
        <RichBubble key={index} message={bubble} corpLabel="企业" />
      ))}
    </div>
  )
}

interface NoticeFootProps {
  words: string
  isOpen: boolean
  isDeclined: boolean
  verb: string
  isBusy: boolean
  onYes(): void
  onLater(): void
  onNo(): void
}

function NoticeFoot({ words, isOpen: open, isDeclined, verb, isBusy, onYes, onLater, onNo }: NoticeFootProps) {
  return (
    <>
      {words !== '' && <p className="notice-state">{spaceHan(words)}</p>}
      {open && (
        <div className="notice-buttons">
          <button type="button" className="phone-button solid" disabled={isBusy} onClick={onYes}>
            {verb}
          </button>
          {!isDeclined && (
            <>
              <button type="button" className="phone-button" disabled={isBusy} onClick={onLater}>
                稍后
              </button>
              <button type="button" className="phone-button" disabled={isBusy} onClick={onNo}>
                {`不${verb[0]}`}
              </button>
            </>
          )}
        </div>
      )}
    </>
  )
}
