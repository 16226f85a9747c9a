import { clock } from '../clock.ts'
import type { CustomerView } from '../control-api.ts'
import { knownFor } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'

interface PersonRowProps {
  customer: CustomerView
  isOnStage: boolean
  onPick(): void
}

export function PersonRow({ customer, isOnStage, onPick }: PersonRowProps) {
  const { name, follows } = customer
  return (
    <li>
      <button type="button" className="person" aria-pressed={isOnStage} onClick={onPick}>
        <Avatar name={name} />
        <span className="person-words">
          <b>{name}</b>
          <small>{aboutOf(customer)}</small>
        </span>
        <span className="person-state">
          {isOnStage
            ? '你在演'
            : follows.length === 0
              ? '未添加'
              : knownFor(follows[0]!.createtime * 1000, clock.nowMs())}
        </span>
      </button>
    </li>
  )
}

function aboutOf({ persona, corpName, follows, type }: CustomerView): string {
  if (persona) return persona
  if (corpName) return `企业微信用户 · ${corpName}`
  const staff = follows.map((follow) => follow.staffName ?? follow.userid)
  if (staff.length === 0) return type === 1 ? '微信用户' : '企业微信用户'
  return `好友：${staff.join('、')}`
}
