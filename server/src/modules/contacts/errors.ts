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
    `一次最多导出 ${p.most} 位客户，这份名单更长。请加上成员、标签或添加时间等条件，分几次导出。`,
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
