import { domainError } from '../../platform/errors.ts'

export const TagNameTaken = domainError(
  'tags.name_taken',
  409,
  (p: { name: string }) => `这个标签组里已有标签「${p.name}」，请直接使用它，或换一个名称。`,
)
export const TagGroupNameTaken = domainError(
  'tags.group_name_taken',
  409,
  (p: { name: string }) => `标签组「${p.name}」已存在，请在它里面加标签，或换一个名称。`,
)
export const TagNamesRepeat = domainError(
  'tags.names_repeat',
  409,
  (p: { name: string }) => `标签「${p.name}」写了两次，请去掉一个。`,
)
export const TagOrderOutdated = domainError('tags.order_outdated', 409, () => '标签刚刚有变动，请刷新后再调整顺序。')
export const NotFollowed = domainError(
  'tags.not_followed',
  409,
  () => '标签要打在成员和客户的好友关系上。现在没有你可以操作的成员跟进这位客户，请先加为好友，或换一位成员。',
)
export const NobodyToTag = domainError('tags.nobody_to_tag', 409, () => '没有符合条件的客户，请换一个筛选再来。')
export const BulkTooMany = domainError(
  'tags.bulk_too_many',
  403,
  (p: { most: number; total: number }) =>
    `你一次最多处理 ${p.most} 位客户，这里有 ${p.total} 位。请加上条件分几次做，或请运营、管理员来做。`,
)
export const BulkEnded = domainError('tags.bulk_ended', 409, () => '这个任务已经结束，不用再取消。')
export const BulkNotUndoable = domainError(
  'tags.bulk_not_undoable',
  409,
  (p: { days: number }) =>
    `这个任务不能撤销：它还没有结束、没有改动、已经撤销过，或结束超过 ${p.days} 天。可以反过来再打一次标签。`,
)
export const ImportColumns = domainError(
  'tags.import_columns',
  422,
  (p: { unknown: string; known: string }) =>
    `第一行要写列名。${p.unknown}可以用的列：${p.known}；至少要有「客户ID」或「手机号」，再加一列要改的。`,
)
