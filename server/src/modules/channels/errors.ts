import { domainError } from '../../platform/errors.ts'

export const UnknownVariable = domainError(
  'channels.unknown_variable',
  400,
  (p: { unknown: string[]; known: readonly string[] }) =>
    `不认识${p.unknown.map((name) => `「{${name}}」`).join('、')}。可以用的是${p.known.map((name) => `{${name}}`).join('、')}，请改成其中一个，或去掉大括号。`,
)
export const QrNotReady = domainError(
  'channels.qr_not_ready',
  409,
  () => '企业微信还没有生成这个活码，通常几秒就好。请稍后再取；一直没有就到「接入健康」看看原因。',
)
export const StatsPeriod = domainError(
  'channels.stats_period',
  400,
  (p: { daysMax: number }) => `请选 ${p.daysMax} 天以内的时间段，结束不早于开始。`,
)
export const NotAMember = domainError(
  'channels.not_a_member',
  409,
  () => '您的账号没有对应的企业微信成员，不接待客户。用企业微信扫码登录后，才能设置自己当值或休息。',
)
export const TooManyOnShift = domainError(
  'channels.too_many_on_shift',
  409,
  (p: { most: number; from: string }) =>
    `${p.from}起同时当班的超过 ${p.most} 人，企业微信的一个活码放不下。请把一些人移到别的班次，或另建一个活码。`,
)
export const TooManyPeople = domainError(
  'channels.too_many_people',
  400,
  (p: { most: number }) => `一次最多给 ${p.most} 人建码，还什么都没建。请少选一些部门或成员，分几次来。`,
)
export const NobodyForCodes = domainError(
  'channels.nobody_for_codes',
  409,
  () => '选中的人都建不了码：已有这个活动的码，或不能添加客户。请换个活动名，或另选成员；什么都没建。',
)
export const BatchEnded = domainError(
  'channels.batch_ended',
  409,
  () => '这批码已经建完，没有可以取消的了。不要它们可以「撤回」：没人用过的会删掉。',
)
export const BatchOpen = domainError('channels.batch_open', 409, () => '这批码还在建，先取消剩下的或等它建完，再撤回。')
export const BatchUndone = domainError(
  'channels.batch_undone',
  409,
  () => '这批码已经撤回过了；有人用过的码会一直留着，不要可以逐个归档。',
)
export const NoCodesToPrint = domainError(
  'channels.no_codes_to_print',
  409,
  () => '选中的活码里没有一个已经建好，没有图可以打包。刚建的通常几秒就好，请稍后再下载。',
)
export const TooManyCodes = domainError(
  'channels.too_many_codes',
  400,
  (p: { most: number }) => `一个压缩包最多 ${p.most} 个码。请按分组或分几次下载。`,
)
