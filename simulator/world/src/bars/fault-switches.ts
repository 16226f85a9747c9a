import type { FaultRule } from '../../../src/faults.ts'

export interface FaultSwitch {
  label: string
  /** What turning it on does, in one sentence. */
  hint: string
  rule: FaultRule
}

/** Chosen so that a visitor sees each one within a scan or two, and the path can still be walked. */
export const FAULT_SWITCHES: readonly FaultSwitch[] = [
  { label: '丢失', hint: '每 2 条回调丢 1 条，要靠对账补上', rule: { where: 'callback', kind: 'drop', every: 2 } },
  { label: '重复', hint: '每条回调都送两次', rule: { where: 'callback', kind: 'duplicate' } },
  { label: '乱序', hint: '每 2 条回调有 1 条晚于后一条', rule: { where: 'callback', kind: 'reorder', every: 2 } },
  { label: '延迟', hint: '每条回调晚 6 秒才送', rule: { where: 'callback', kind: 'late', ms: 6000 } },
  {
    label: '限频',
    hint: '每 5 次调用有 1 次回 45009，那个接口停 60 秒',
    rule: { where: 'api', kind: '45009-minute', every: 5, match: 'externalcontact/*' },
  },
  {
    label: '超时',
    hint: '每 4 次调用有 1 次没有回音，也没有生效',
    rule: { where: 'api', kind: 'timeout-before', every: 4, match: 'externalcontact/*' },
  },
]

export function isOn(rules: readonly FaultRule[], { rule }: FaultSwitch): boolean {
  return rules.some(({ where, kind }) => where === rule.where && kind === rule.kind)
}

/** The rules after a flip. What somebody else has set up by the control API stays, but of the switch's own kind nothing does. */
export function flip(rules: readonly FaultRule[], flipped: FaultSwitch): FaultRule[] {
  const { rule } = flipped
  if (!isOn(rules, flipped)) return [...rules.map(bare), rule]
  return rules.filter(({ where, kind }) => where !== rule.where || kind !== rule.kind).map(bare)
}

/** The view of a rule carries its tallies, which the control API does not take back. */
function bare({ where, kind, match, corpid, probability, every, count, ms }: FaultRule): FaultRule {
  return { where, kind, match, corpid, probability, every, count, ms }
}
