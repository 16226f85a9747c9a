import { domainError } from '../../platform/errors.ts'

export const TaskDuePast = domainError('tasks.due_past', 422, () => '截止时间已经过去了，请选一个以后的时间。')
export const NotHisCustomer = domainError(
  'tasks.not_his_customer',
  422,
  (p: { name: string }) => `${p.name}现在没有加这位客户，不能把这件事交给他。请换一位跟进的成员。`,
)
export const TaskNotYours = domainError(
  'tasks.not_yours',
  403,
  () => '这件事是别人的，你不能改。需要调整请找安排它的人。',
)
export const AssigneeUnknown = domainError(
  'tasks.assignee_unknown',
  422,
  () => '找不到这位成员，或他已经离职。请换一位。',
)
export const NoMemberOfYourOwn = domainError(
  'tasks.no_member',
  422,
  () => '你的账号没有对应的企业微信成员，请选择由谁来做。',
)
export const TaskEnded = domainError('tasks.ended', 409, () => '这件事已经结束了，不能再改。需要的话先恢复它。')
export const TaskNotReopenable = domainError(
  'tasks.not_reopenable',
  409,
  (p: { hours: number }) => `结束超过 ${p.hours} 小时的事不能恢复，请新建一件。`,
)
export const WorkCardWithdrawn = domainError('tasks.card_withdrawn', 409, () => '这张工作卡片已经撤回过了，不用再撤。')
