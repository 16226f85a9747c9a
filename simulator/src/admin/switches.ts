import type { FaultRule } from '../faults.ts'

export interface AdminSwitch {
  name: string
  label: string
  /** What is refused while it is off. */
  rules: FaultRule[]
}

/** What an administrator ticks in WeCom's console; off, it is a fault of this one company. */
export const SWITCHES: readonly AdminSwitch[] = [
  { name: 'enabled', label: '应用启用', rules: [{ where: 'api', kind: '50003', match: '*' }] },
  {
    name: 'range',
    label: '可见范围：全部成员和部门',
    rules: [
      { where: 'api', kind: '60011', match: 'department/*' },
      { where: 'api', kind: '60011', match: 'user/*' },
    ],
  },
  {
    name: 'contacts',
    label: '客户联系 › 可调用接口的应用：本应用',
    rules: [{ where: 'api', kind: '48002', match: 'externalcontact/*' }],
  },
  {
    name: 'members',
    label: '客户联系 › 使用范围：成员可以建联系我二维码',
    rules: [
      { where: 'api', kind: '84074', match: 'externalcontact/add_contact_way' },
      { where: 'api', kind: '84074', match: 'externalcontact/update_contact_way' },
      { where: 'api', kind: '84074', match: 'externalcontact/list_contact_way' },
    ],
  },
  {
    name: 'reachable',
    label: '企业微信到得了回调地址',
    rules: [{ where: 'callback', kind: 'unreachable' }],
  },
]

const sameRule = (a: FaultRule, b: FaultRule) =>
  a.where === b.where && a.kind === b.kind && a.match === b.match && a.corpid === b.corpid

const rulesOf = ({ rules }: AdminSwitch, corpid: string) => rules.map((rule) => ({ ...rule, corpid }))

export const isGranted = (standing: readonly FaultRule[], one: AdminSwitch, corpid: string): boolean =>
  !rulesOf(one, corpid).some((rule) => standing.some((other) => sameRule(rule, other)))

/** The rules once exactly the named switches are on. Whatever somebody else has set up stays. */
export function setSwitches(standing: readonly FaultRule[], corpid: string, on: ReadonlySet<string>): FaultRule[] {
  const ours = SWITCHES.flatMap((one) => rulesOf(one, corpid))
  const others = standing.filter((rule) => !ours.some((own) => sameRule(own, rule)))
  return [...others, ...SWITCHES.filter(({ name }) => !on.has(name)).flatMap((one) => rulesOf(one, corpid))]
}
