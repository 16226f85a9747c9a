import { domainError } from '../../../platform/errors.ts'

export const FormChanged = domainError(
  'form.changed',
  409,
  () => '你打开之后，这张表单被别人改过了。请先刷新看看新内容，再改。',
)
export const FormIncomplete = domainError(
  'form.incomplete',
  422,
  (p: { why: string }) => `还不能发布：${p.why}。请改好后再发布。`,
)
export const NothingNew = domainError('form.nothing_new', 409, () => '现在的内容和已发布的一样，不用再发布。')
export const NotPublished = domainError(
  'form.not_published',
  409,
  () => '这张表单还没有发布。先发布，再生成链接或开放。',
)
export const TooManyForms = domainError(
  'form.too_many',
  409,
  (p: { most: number }) => `最多 ${p.most} 张表单。请先看看有没有用不到的，改一改接着用。`,
)
export const TooManyLinks = domainError(
  'form.too_many_links',
  409,
  (p: { most: number }) => `一张表单最多 ${p.most} 个链接，请接着用已有的投放位。`,
)
// To customers: without our words for things.
export const AnswerRefused = domainError(
  'form.answer_refused',
  422,
  (p: { label: string; wanted: string }) => `「${p.label}」${p.wanted}，请改一下再交。`,
)
export const VisitUnknown = domainError(
  'form.visit_unknown',
  403,
  () => '页面打开太久了，或换了浏览器。请刷新后再交，刚才填的还在。',
)
export const TooQuick = domainError('form.too_quick', 429, () => '交得太快了，请看一遍再交。')
export const TooOften = domainError('form.too_often', 429, () => '这里交得太多了，请一小时后再试。')
export const FormClosed = domainError('form.closed', 409, () => '这张表已经不收了，谢谢您。')
export const FormNotOpen = domainError('form.not_open', 409, () => '这张表还没开始收，请晚些再来。')
export const FormFull = domainError('form.full', 409, () => '名额已经满了，谢谢您。')
export const AnsweredAlready = domainError('form.answered_already', 409, () => '您已经交过了，不用再交，谢谢您。')
export const UploadRefused = domainError(
  'form.upload_refused',
  422,
  (p: { why: string }) => `这个文件收不了：${p.why}。可以换成图片（JPG、PNG）或 PDF，不超过 10 MB。`,
)
