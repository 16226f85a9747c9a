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
