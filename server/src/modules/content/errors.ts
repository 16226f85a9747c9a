import { domainError } from '../../platform/errors.ts'

export const PictureUnreadable = domainError(
  'content.picture_unreadable',
  422,
  () => '这张图片打不开。请换一张 JPG 或 PNG 图片（不超过 10 MB）。',
)
export const PictureTooWide = domainError(
  'content.picture_too_wide',
  422,
  (p: { pixelsMax: number }) => `这张图片太大了，请缩到 ${Math.round(p.pixelsMax / 1_000_000)} 百万像素以内再上传。`,
)
export const FileRefused = domainError(
  'content.file_refused',
  422,
  (p: { why: string }) =>
    `这个文件不能用：${p.why}。可以上传图片（JPG、PNG）、视频（MP4，不超过 10 MB）和文件（PDF、Word、Excel、PPT、TXT，不超过 20 MB）。`,
)
export const UnknownSlot = domainError(
  'content.unknown_variable',
  400,
  (p: { unknown: string[]; known: readonly string[] }) =>
    `不认识${p.unknown.map((name) => `「{${name}}」`).join('、')}。可以用的是${p.known.map((name) => `{${name}}`).join('、')}，请改成其中一个，或去掉大括号。`,
)
export const WrongFile = domainError(
  'content.wrong_file',
  422,
  (p: { wanted: string }) => `这里要放${p.wanted}，请重新上传一个再保存。`,
)
export const FolderTaken = domainError(
  'content.folder_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的文件夹，请换个名字，或直接用它。`,
)
export const FolderFull = domainError(
  'content.folder_full',
  409,
  () => '这个文件夹里还有素材。先把它们移到别的文件夹，再删它。',
)
export const TooManyFolders = domainError(
  'content.too_many_folders',
  409,
  (p: { most: number }) => `最多 ${p.most} 个，请先合并或删掉一些。`,
)
export const NothingToPublish = domainError(
  'content.nothing_to_publish',
  409,
  () => '没有还没发布的改动。先改一改内容，再发布。',
)
export const NotWaiting = domainError(
  'content.not_waiting',
  409,
  () => '这一版不在等审批了，可能刚被别人处理，或又改过。请刷新后再看。',
)
export const OwnWork = domainError(
  'content.own_work',
  409,
  () => '这一版是你自己写的或送审的，要由另一个人来审。请让同事看一眼。',
)
export const MaterialChanged = domainError(
  'content.material_changed',
  409,
  () => '你打开之后，这个素材被别人改过了。请先刷新看看新内容，再改。',
)
export const PageRefused = domainError(
  'content.page_refused',
  422,
  (p: { why: string }) => `没能读到这个网页：${p.why}。请检查网址，或把内容直接粘过来。`,
)
export const GroupTaken = domainError(
  'content.group_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的分组，请换个名字，或直接用它。`,
)
export const GroupFull = domainError(
  'content.group_full',
  409,
  () => '这个分组里还有话术。先把它们移到别的分组或删掉，再删分组。',
)
export const TooManyScripts = domainError(
  'content.too_many_scripts',
  409,
  (p: { most: number }) => `一个话术库最多 ${p.most} 条，请先删掉用不到的。`,
)
export const OtherOrder = domainError(
  'content.other_order',
  409,
  () => '排序和现在的不一样，可能刚有人加了或删了一个。请刷新后再排。',
)
export const NoOwnLibrary = domainError(
  'content.no_own_library',
  409,
  () => '你的账号没有对应的企业微信成员，没有个人话术库。用企业微信扫码登录后就有了。',
)
export const WrongDates = domainError('content.wrong_dates', 400, () => '结束要晚于开始，请改一下有效期。')
export const MaterialInUse = domainError(
  'content.material_in_use',
  409,
  (p: { titles: string[]; number: number }) =>
    `${p.titles.map((title) => `《${title}》`).join('')}${p.number > p.titles.length ? `等 ${p.number} 份` : ''}发出去过，或有话术在用。请先下架，再删除。`,
)
export const DayQuotaReached = domainError(
  'content.day_quota_reached',
  409,
  (p: { usedMb: number; mostMb: number }) =>
    `你今天已经上传 ${p.usedMb} MB，加上这个会超过一天 ${p.mostMb} MB。请明天再传，或请管理员在「素材库 › 上传额度」里调高。`,
)
export const CorpQuotaReached = domainError(
  'content.corp_quota_reached',
  409,
  (p: { usedMb: number; mostMb: number }) =>
    `企业的素材文件已经有 ${p.usedMb} MB，加上这个会超过上限 ${p.mostMb} MB。请管理员在「素材库 › 上传额度」里调高，或换一个小一点的文件。`,
)
