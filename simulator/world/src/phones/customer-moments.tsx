import { type FormEvent, useState } from 'react'
import type { MomentOnPhone } from '../../../src/world/moments.ts'
import { clock } from '../clock.ts'
import { separatorOf } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { spaceHan } from '../ui/han-spacing.ts'
import { BackIcon, HeartIcon } from '../ui/icons.tsx'
import { ScreenHead } from './phone-frame.tsx'
import { RichBubble } from './rich-bubble.tsx'

interface CustomerMomentsProps {
  customerName: string
  moments: readonly MomentOnPhone[]
  onBack(): void
  onLike(moment: MomentOnPhone): void
  onComment(moment: MomentOnPhone, text: string): void
}

/** 朋友圈 as this customer finds it: what members have published and he may see. */
export function CustomerMoments({ customerName, moments, onBack, onLike, onComment }: CustomerMomentsProps) {
  return (
    <>
      <ScreenHead
        title="朋友圈"
        left={
          <button type="button" aria-label="返回" onClick={onBack}>
            <BackIcon size={18} />
          </button>
        }
      />
      <ul className="notices moments" aria-label="朋友圈">
        {moments.map((moment) => (
          <li key={`${moment.momentId} ${moment.userid}`} className="moment">
            <Avatar name={moment.staffName} size={36} />
            <div className="moment-body">
              <b className="moment-who">{moment.staffName}</b>
              <div
                className={
                  moment.bubbles.filter(({ kind }) => kind === 'image').length > 1
                    ? 'moment-parts many'
                    : 'moment-parts'
                }
              >
                {moment.bubbles.map((bubble, index) =>
                  bubble.kind === 'text' ? (
                    <p key="text">{bubble.text}</p>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: what a moment shows never changes
                    <RichBubble key={index} message={bubble} corpLabel={moment.staffName} />
                  ),
                )}
              </div>
              <p className="moment-foot">
                <time>{separatorOf(moment.at * 1000, clock.nowMs())}</time>
                <button
                  type="button"
                  className="moment-like"
                  aria-pressed={moment.liked}
                  onClick={() => onLike(moment)}
                >
                  <HeartIcon size={14} /> {moment.liked ? '取消赞' : '赞'}
                </button>
              </p>
              {moment.likes.length + moment.comments.length > 0 && (
                <div className="moment-talk">
                  {moment.likes.length > 0 && (
                    <p className="moment-likes">
                      <HeartIcon size={12} /> {moment.likes.join('、')}
                    </p>
                  )}
                  {moment.comments.map(({ name, text, at }) => (
                    <p key={`${name} ${at}`}>
                      <b>{name}</b> {text}
                    </p>
                  ))}
                </div>
              )}
              <CommentLine customerName={customerName} onSay={(text) => onComment(moment, text)} />
            </div>
          </li>
        ))}
      </ul>
      {moments.length === 0 && <p className="chat-note">还没有人发表过，成员在自己的手机上点了发表，这里就会出现</p>}
    </>
  )
}

function CommentLine({ customerName, onSay }: { customerName: string; onSay(text: string): void }) {
  const [text, setText] = useState('')
  const say = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    onSay(text.trim())
    setText('')
  }
  const words = spaceHan(`替${customerName}评论一句`)
  return (
    <form className="moment-comment" onSubmit={say}>
      <input
        value={text}
        placeholder={words}
        aria-label={words}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() !== '' && (
        <button type="submit" className="phone-button solid">
          评论
        </button>
      )}
    </form>
  )
}
