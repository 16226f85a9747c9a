import { domainError } from '../../platform/errors.ts'

export const SyncRunning = domainError(
  'contacts.sync_running',
  409,
  () => '同步已经在进行，完成后会自动更新。要重新来，请先取消这一次。',
)
export const NoSyncRunning = domainError('contacts.no_sync_running', 409, () => '现在没有正在进行的同步。')
export const ExportTooLarge = domainError(
  'contacts.export_too_large',
  409,
  (p: { most: number }) =>
    `一次最多导出 ${p.most} 条，这份名单更长。请加上成员、标签、时间、投放位等条件，分几次导出。`,
)
export const ExportNeedsApproval = domainError(
  'contacts.export_needs_approval',
  409,
  (p: { customers: number; most: number }) =>
    `这份名单有 ${p.customers} 条，超过 ${p.most} 条要先请同事同意。写明用途提交申请，同意后 24 小时内可以下载一次。`,
)
export const DailyExportReached = domainError(
  'contacts.daily_export_reached',
  409,
  (p: { most: number }) => `一个人一天最多导出 ${p.most} 条，今天已经到了。请明天再导，或请同事导出。`,
)
export const ExportClosed = domainError(
  'contacts.export_closed',
  409,
  () => '这份导出已经处理过、下载过或过期了，请看「导出记录」。还要用的话，重新申请一次。',
)
export const ExportOutgrown = domainError(
  'contacts.export_outgrown',
  409,
  (p: { asked: number; now: number }) =>
    `申请时名单有 ${p.asked} 条，现在有 ${p.now} 条，已经不是当时同意的那份。请重新申请。`,
)
export const OwnExport = domainError('contacts.own_export', 403, () => '不能同意自己的导出申请，请另一位同事来看。')
export const PartOfTheCorp = domainError(
  'contacts.part_of_the_corp',
  403,
  () => '你只看得到一部分客户，不能替全企业的名单做主。请看得到全部客户的同事来处理。',
)
export const RevealsReached = domainError(
  'contacts.reveals_reached',
  409,
  (p: { most: number }) =>
    `一个人一天最多查看 ${p.most} 次完整号码，今天已经到了。请明天再看，或在企业微信里联系客户。`,
)
export const ViewNameTaken = domainError(
  'contacts.view_name_taken',
  409,
  (p: { name: string }) => `你已经有一个叫「${p.name}」的视图，请换一个名字，或更新原来的那个。`,
)
export const TooManyViews = domainError(
  'contacts.too_many_views',
  409,
  (p: { most: number }) => `一个人最多存 ${p.most} 个视图。请先删掉不用的。`,
)
export const NoteClosed = domainError(
  'contacts.note_closed',
  409,
  (p: { hours: number }) => `跟进记录写下 ${p.hours} 小时内、由写的人自己可以改。现在请另写一条补充。`,
)
export const FieldNameTaken = domainError(
  'contacts.field_name_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的字段，请直接用它，或换一个名字。`,
)
export const TooManyFields = domainError(
  'contacts.too_many_fields',
  409,
  (p: { most: number }) => `最多 ${p.most} 个字段。请先删掉不用的。`,
)
export const FieldWithoutOptions = domainError(
  'contacts.field_without_options',
  409,
  (p: { name: string }) => `「${p.name}」不是选择类的字段，没有选项可改。`,
)
export const FieldValueRefused = domainError(
  'contacts.field_value_refused',
  422,
  (p: { name: string; wanted: string }) => `「${p.name}」要填${p.wanted}，请改好再保存。`,
)
export const BothFollowed = domainError(
  'contacts.both_followed',
  409,
  () => '两位都是企业微信里加过的客户，不能合成一位。请选「保持分开」。',
)
export const ReviewSettled = domainError(
  'contacts.review_settled',
  409,
  () => '这一对已经有人处理过了，请刷新后看结果。',
)
export const MergeSettled = domainError(
  'contacts.merge_settled',
  409,
  (p: { days: number }) => `这次合并已经撤销过，或已超过 ${p.days} 天，不能再撤销。`,
)
export const NotYourFriend = domainError(
  'contacts.not_your_friend',
  409,
  () => '备注是写在你自己的好友上的，这位客户现在不是你的好友。',
)
export const RemarkRefused = domainError(
  'contacts.remark_refused',
  409,
  () => '企业微信没有收下这个备注，可能刚刚断开了好友。刷新后再看一眼。',
)
export const MentionedCannotSee = domainError(
  'contacts.mentioned_cannot_see',
  422,
  (p: { names: string[] }) =>
    `${p.names.join('、')}看不到这位客户，@ 了也打不开。请先让同事跟进这位客户，或把 @ 去掉。`,
)
