import { hashText, makePrng } from './prng.ts'

/** What can go wrong, and the words the world page puts on it. */
export const FAULT_LABELS = {
  '5xx': '服务器错误',
  'timeout-before': '超时',
  'timeout-after': '超时（已生效）',
  reset: '断开',
  'reset-after': '断开（已生效）',
  '5xx-after': '服务器错误（已生效）',
  '45009-minute': '限频',
  '45009-hour': '限频一小时',
  '45033': '并发限制',
  busy: '系统繁忙',
  '40014': '凭证失效',
  garbage: '乱码',
  html: '网页',
  slow: '变慢',
  '48002': '没有接口权限',
  '50003': '应用停用',
  '60011': '不在可见范围',
  '60020': 'IP 不可信',
  '84074': '没有客户联系权限',
  '301002': '不是本应用',
  duplicate: '重复',
  reorder: '乱序',
  drop: '丢失',
  late: '延迟',
  unreachable: '连不上回调',
} as const
export type FaultKind = keyof typeof FAULT_LABELS

export const CALLBACK_FAULTS: readonly FaultKind[] = ['duplicate', 'reorder', 'drop', 'late', 'unreachable']
export const API_FAULTS = (Object.keys(FAULT_LABELS) as FaultKind[]).filter((kind) => !CALLBACK_FAULTS.includes(kind))

export interface FaultRule {
  where: 'api' | 'callback'
  kind: FaultKind
  /** An API path without `/cgi-bin/`, or a ChangeType (`verify`: the check of the address); a trailing `*` matches a prefix. Absent: all. */
  match?: string
  corpid?: string
  /** Chance of each matching call, in [0, 1]. */
  probability?: number
  /** Every n-th matching call. Neither of the two: each one. */
  every?: number
  /** At most so many injections. */
  count?: number
  /** How long: a hang, a delay, a late delivery. */
  ms?: number
}

export interface Fault {
  kind: FaultKind
  label: string
  ms?: number
}

interface Tally {
  seen: number
  injected: number
}

/**
 * Decides by seed. The n-th call that matches a rule meets the same fate for the same seed, whatever else happens,
 * so a run is repeated by repeating its order of calls.
 */
export class Faults {
  seed: number
  rules: FaultRule[] = []
  #tallies: Tally[] = []

  constructor(seed: number) {
    this.seed = seed
  }

  /** Replaces the rules and starts counting anew. */
  setRules(rules: FaultRule[]): void {
    this.rules = rules
    this.#tallies = rules.map(() => ({ seen: 0, injected: 0 }))
  }

  reset(seed: number): void {
    this.seed = seed
    this.setRules(this.rules)
  }

  tallies(): readonly Tally[] {
    return this.#tallies
  }

  /** The first rule that fires wins; the others have seen the call all the same. */
  decide(where: FaultRule['where'], name: string, corpid: string): Fault | undefined {
    let fault: Fault | undefined
    for (const [index, rule] of this.rules.entries()) {
      if (rule.where !== where || !matches(rule, name, corpid)) continue
      const tally = this.#tallies[index]!
      const ordinal = tally.seen++
      if (fault || (rule.count !== undefined && tally.injected >= rule.count)) continue
      if (!this.#fires(rule, ordinal)) continue
      tally.injected++
      fault = { kind: rule.kind, label: FAULT_LABELS[rule.kind], ms: rule.ms }
    }
    return fault
  }

  #fires(rule: FaultRule, ordinal: number): boolean {
    if (rule.every !== undefined) return (ordinal + 1) % rule.every === 0
    if (rule.probability === undefined) return true
    const ruleName = hashText(`${rule.where} ${rule.kind} ${rule.match ?? ''} ${rule.corpid ?? ''}`)
    return makePrng(this.seed, ruleName, ordinal).next() < rule.probability
  }
}

function matches(rule: FaultRule, name: string, corpid: string): boolean {
  if (rule.corpid !== undefined && rule.corpid !== corpid) return false
  if (rule.match === undefined) return true
  return rule.match.endsWith('*') ? name.startsWith(rule.match.slice(0, -1)) : name === rule.match
}
