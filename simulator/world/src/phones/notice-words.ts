import { clock } from '../clock.ts'
import type { MassNoticeView, MomentNoticeView } from '../control-api.ts'
import { separatorOf } from '../time-words.ts'

/** 发给林晚、陈屿等 118 位客户 */
export function whomOf({
  names,
  recipients,
  chatType,
}: Pick<MassNoticeView, 'names' | 'recipients' | 'chatType'>): string {
  const unit = chatType === 'single' ? '位客户' : '个客户群'
  if (recipients <= names.length) return `发给${names.join('、')}`
  return `发给${names.join('、')}等 ${recipients} ${unit}`
}

export function stateOfMass(notice: MassNoticeView, nowMs = clock.nowMs()): string {
  const { state, counts, sentAt } = notice
  if (state === 'sent' && sentAt !== undefined) {
    return [
      `${separatorOf(sentAt * 1000, nowMs)} 已发送，送达 ${counts.sent} ${notice.chatType === 'single' ? '位' : '个群'}`,
      counts.gone > 0 && `${counts.gone} 位已不是好友`,
      counts.full > 0 && `${counts.full} ${notice.chatType === 'single' ? '位' : '个群'}收满了`,
      counts.waiting > 0 && `${counts.waiting} 位没有勾选`,
    ]
      .filter(Boolean)
      .join('，')
  }
  if (notice.cancelled) return '企业已停止这个任务，不用发了'
  if (state === 'declined') return '你选了不发。改了主意还可以发送'
  return state === 'later' ? '你选了稍后再发' : ''
}

export function stateOfMoment(notice: MomentNoticeView, nowMs = clock.nowMs()): string {
  const { state, publishedAt, shown, likes, comments } = notice
  if (state === 'published' && publishedAt !== undefined) {
    const liked =
      likes.length === 0
        ? '还没有人赞'
        : `${likes.slice(0, 3).join('、')}${likes.length > 3 ? `等 ${likes.length} 人` : ''}赞了`
    const said = comments.length > 0 ? `，${comments.length} 条评论` : ''
    return `${separatorOf(publishedAt * 1000, nowMs)} 已发表，${shown} 位看得到，${liked}${said}`
  }
  if (notice.cancelled) return '企业已停止发表，不用发了'
  if (state === 'declined') return '你选了不发。改了主意还可以发表'
  return state === 'later' ? '你选了稍后再发' : ''
}
