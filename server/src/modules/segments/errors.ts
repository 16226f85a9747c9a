import { domainError } from '../../platform/errors.ts'

export const SegmentNameTaken = domainError(
  'segments.name_taken',
  409,
  (p: { name: string }) => `人群“${p.name}”已存在，请换一个名称。`,
)
export const TooManySegments = domainError(
  'segments.too_many',
  409,
  (p: { most: number }) => `最多可以有 ${p.most} 个人群。请先停用不再用的，再新建。`,
)
export const SegmentNeedsWholeCorp = domainError(
  'segments.needs_whole_corp',
  403,
  () => '人群规则会用到全公司客户的数据，你的账号只能看到一部分客户。请管理员来建，建好后你能看到其中属于你的客户。',
)
export const RuleRefersToMissing = domainError(
  'segments.refers_to_missing',
  422,
  (p: { what: string }) => `规则里有已经不存在的${p.what}，请打开规则重新选择。`,
)
export const SegmentRefersToItself = domainError(
  'segments.refers_to_itself',
  422,
  (p: { name: string }) => `这条规则经过人群“${p.name}”又用到了它自己，请去掉其中一处。`,
)
export const SegmentInUse = domainError(
  'segments.in_use',
  409,
  (p: { names: string }) => `${p.names}的规则里用到了这个人群，请先改那些规则，再停用它。`,
)
export const PreviewTookTooLong = domainError(
  'segments.preview_too_long',
  503,
  () => '这条规则要从头统计大量行为，一时算不完。可以先缩短时间范围，或者直接保存：保存后会在后台统计，进度看得见。',
)
