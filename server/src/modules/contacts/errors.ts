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
