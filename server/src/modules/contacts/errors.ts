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
