import type { StaffView } from '../control-api.ts'
import { Avatar } from '../ui/avatar.tsx'

const SHOWN = 7

interface StaffRowProps {
  staff: readonly StaffView[]
  userid?: string
  onPick(userid: string): void
  onAll(): void
}

export function StaffRow({ staff, userid, onPick, onAll }: StaffRowProps) {
  const held = staff.find((it) => it.userid === userid)
  const first = staff.slice(0, SHOWN)
  const shown = held && !first.includes(held) ? [held, ...first.slice(0, SHOWN - 1)] : first
  return (
    <div className="staff-row">
      {shown.map((it) => (
        <button
          key={it.userid}
          type="button"
          aria-pressed={it.userid === userid}
          aria-label={`看${it.name}的手机`}
          title={`${it.name} · ${it.position || '成员'} · ${it.customers} 位客户`}
          onClick={() => onPick(it.userid)}
        >
          <Avatar name={it.name} size={24} />
        </button>
      ))}
      {staff.length > shown.length && (
        <button type="button" className="link quiet" onClick={onAll}>
          +{staff.length - shown.length}
        </button>
      )}
    </div>
  )
}
