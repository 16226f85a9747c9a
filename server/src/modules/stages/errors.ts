import { domainError } from '../../platform/errors.ts'

export const FlowNameTaken = domainError(
  'stages.flow_name_taken',
  409,
  (p: { name: string }) => `已经有叫「${p.name}」的流程，请换一个名称。`,
)
export const TooManyFlows = domainError(
  'stages.too_many_flows',
  409,
  (p: { most: number }) => `最多 ${p.most} 个流程。请先停用不用的，再新建。`,
)
export const LastFlow = domainError(
  'stages.last_flow',
  409,
  () => '至少要留一个流程。可以改它的名称和阶段，或先新建另一个。',
)
export const StageNameTaken = domainError(
  'stages.name_taken',
  409,
  (p: { name: string }) => `这个流程里已经有阶段「${p.name}」，请换一个名称。`,
)
export const TooManyStages = domainError(
  'stages.too_many',
  409,
  (p: { most: number }) => `一个流程最多 ${p.most} 个阶段。请先删掉不用的，再添加。`,
)
export const LastStage = domainError(
  'stages.last_stage',
  409,
  () => '流程里至少要留一个阶段。不用这个流程了，可以停用整个流程。',
)
export const StageOrderOutdated = domainError(
  'stages.order_outdated',
  409,
  () => '阶段刚刚有变动，请刷新后再调整顺序。',
)
export const StageInUse = domainError(
  'stages.in_use',
  409,
  (p: { names: string }) => `${p.names}的规则里用到了这个阶段，请先改那些规则，再删除它。`,
)
export const StageTargetWrong = domainError(
  'stages.target_wrong',
  422,
  () => '要移去的阶段不在这个流程里，请重新选一个。',
)
export const BackRuleReadsStages = domainError(
  'stages.back_rule_reads_stages',
  422,
  () => '允许往回移的规则不能再看客户阶段，否则会来回移个不停。请去掉规则里的阶段条件，或关掉「允许往回移」。',
)
export const GateRefersToMissing = domainError(
  'stages.gate_refers_to_missing',
  422,
  () => '进入条件里有已经删除的字段或标签，请重新选择。',
)
export const StageGated = domainError(
  'stages.gated',
  409,
  (p: { stage: string; missing: string }) => `还不能移到「${p.stage}」：请先${p.missing}，再移过来。`,
)
export const LostReasonNeeded = domainError(
  'stages.lost_reason_needed',
  422,
  (p: { stage: string }) => `移到「${p.stage}」要选一个流失原因，以后才看得出客户为什么走。`,
)
export const LostReasonTaken = domainError(
  'stages.lost_reason_taken',
  409,
  (p: { name: string }) => `流失原因「${p.name}」写了两次，请去掉一个。`,
)
export const AlreadyInStage = domainError(
  'stages.already_there',
  409,
  (p: { stage: string }) => `他已经在「${p.stage}」，不用再移。`,
)
export const NotACustomer = domainError(
  'stages.not_a_customer',
  409,
  () => '他还不是任何成员的好友，没有客户阶段。加上好友后会自动开始。',
)
export const MoveNotUndoable = domainError(
  'stages.move_not_undoable',
  409,
  () => '这次移动不能撤销了：他后来又换过阶段，或已经过了一天。请直接移到要去的阶段。',
)
