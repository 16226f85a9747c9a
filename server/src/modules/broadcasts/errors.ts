import { domainError } from '../../platform/errors.ts'

export const BroadcastChanged = domainError(
  'broadcasts.changed',
  409,
  () => '这条群发刚被别人改过，你的改动没有保存。请刷新看看他改了什么，再改一次。',
)
export const BroadcastNotDraft = domainError(
  'broadcasts.not_draft',
  409,
  () => '这条群发已经提交，内容不能再改。需要修改的话，请先停止，或复制成新的一条。',
)
export const RunElsewhere = domainError(
  'broadcasts.run_elsewhere',
  409,
  () => '这次群发的状态刚刚变了，这一步现在做不了。请刷新看看它到哪一步了。',
)
export const NobodyPicked = domainError(
  'broadcasts.nobody_picked',
  422,
  () => '按现在的条件，没有客户能收到。请放宽人群，或看看被拦下的原因。',
)
export const OwnBroadcast = domainError('broadcasts.own', 403, () => '这条群发是你提交的，要由另一位管理员来批准。')
export const SnapshotDiffers = domainError(
  'broadcasts.snapshot_differs',
  409,
  () => '要发的内容或名单和你看到的不一样了。请刷新页面，看过最新的再决定。',
)
export const TimePast = domainError(
  'broadcasts.time_past',
  422,
  () => '发送时间已经过了。请改成现在发送，或选一个之后的时间。',
)
export const NamedTooMany = domainError(
  'broadcasts.named_too_many',
  422,
  (p: { people: number; most: number }) =>
    `文字里用了客户称呼，要逐个客户生成任务，最多 ${p.most} 人，现在有 ${p.people} 人。请去掉称呼，或缩小人群。`,
)
export const TextTooLong = domainError(
  'broadcasts.text_too_long',
  422,
  (p: { bytes: number; most: number }) =>
    `填好变量后，最长的一条有 ${p.bytes} 字节，企业微信最多收 ${p.most} 字节。请缩短文字。`,
)
export const ValueMissing = domainError(
  'broadcasts.value_missing',
  422,
  (p: { slot: string; who: string }) =>
    `「${p.who}」没有「${p.slot}」可以填，整条群发都没有发出。请去掉这个变量，或先补上。`,
)
export const MaterialNotSendable = domainError(
  'broadcasts.material_not_sendable',
  422,
  (p: { title: string }) =>
    `素材「${p.title}」现在不能随群发送：它可能没有上线、已过期，或是群发不支持的类型。请换一份。`,
)
export const NoReminderLeft = domainError(
  'broadcasts.no_reminder_left',
  429,
  (p: { most: number }) => `企业微信 24 小时内最多提醒 ${p.most} 次，已经用完。请明天再提醒，或直接在群里说一声。`,
)
export const NobodyToRemind = domainError(
  'broadcasts.nobody_to_remind',
  409,
  () => '没有需要提醒的成员：大家都发出了，或任务已经停止。',
)
export const ListEmpty = domainError(
  'broadcasts.list_empty',
  422,
  () => '名单里没有一位认得出的客户。每行请填一个 external_userid，或客户详情页网址里的编号。',
)
export const TryNotSent = domainError(
  'broadcasts.try_not_sent',
  503,
  () => '企业微信现在没有收下预览，客户没有收到任何东西。请过一会儿再试，或到「接入体检」看看。',
)
