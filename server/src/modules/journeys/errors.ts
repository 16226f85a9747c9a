import { domainError } from '../../platform/errors.ts'

export const JourneyChanged = domainError(
  'journeys.changed',
  409,
  () => '这条旅程刚被别人改过，你的改动没有保存。请看看他改了什么，再改一次。',
)
export const JourneyNotReady = domainError<{ count: number }>(
  'journeys.not_ready',
  422,
  ({ count }) => `还有 ${count} 处要补，补完才能发布。`,
)
export const JourneyElsewhere = domainError(
  'journeys.elsewhere',
  409,
  () => '这条旅程的状态刚刚变了，这一步现在做不了。请刷新看看它现在怎样。',
)
export const JourneyRunning = domainError('journeys.running', 409, () => '这条旅程在跑或暂停着，先结束它才能删除。')
