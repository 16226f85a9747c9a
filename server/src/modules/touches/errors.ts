import { domainError } from '../../platform/errors.ts'

export const PolicyChanged = domainError(
  'touches.policy_changed',
  409,
  () => '触达规则刚被别人改过，你的改动没有保存。请刷新看看他改了什么，再改一次。',
)
export const TopicUnknown = domainError(
  'touches.topic_unknown',
  422,
  (p: { topic: string }) => `主题「${p.topic}」不在触达规则里。请先加上这个主题，或换一个。`,
)
export const QuietHours = domainError(
  'touches.quiet_hours',
  422,
  (p: { at: string; next: string }) => `${p.at}不在可以打扰客户的时间里。最近可以发的时间是${p.next}。`,
)
export const NeverOpen = domainError(
  'touches.never_open',
  422,
  () => '按现在的触达规则和日历，一年内都没有可以联系客户的时间。请检查触达规则里的时段和节假日。',
)
export const TouchReleased = domainError(
  'touches.released',
  409,
  () => '这次触达已经取消，名额已退回，不能再发。需要的话请重新创建。',
)
export const AgreementTextUnknown = domainError(
  'touches.agreement_text_unknown',
  422,
  () => '还没有这种约定的条文，请先写好条文，再登记客户的同意。',
)
export const AlreadyAgreed = domainError('touches.already_agreed', 409, () => '这位客户已经同意过了，不用再登记。')
export const SpanTooLong = domainError(
  'touches.span_too_long',
  422,
  (p: { days: number }) => `一次最多看 ${p.days} 天，开始日期要在结束日期之前。请缩短范围。`,
)
export const UntilPast = domainError(
  'touches.until_past',
  422,
  () => '勿扰的截止时间已经过去了，请选以后的时间，或不填。',
)
