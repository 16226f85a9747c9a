import { domainError } from '../../platform/errors.ts'

export const KindTaken = domainError(
  'events.kind_taken',
  409,
  (p: { kind: string }) => `已经有「${p.kind}」这种事件，请换一个名字。停用的也占着名字，可以重新启用它。`,
)
export const TooManyKinds = domainError(
  'events.too_many_kinds',
  409,
  (p: { most: number }) => `最多登记 ${p.most} 种事件。请先停用不再用的，或把几种合成一种、用属性区分。`,
)
