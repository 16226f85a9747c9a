import type { WayView } from '../control-api.ts'
import { type StepLook, StepNumber } from '../ui/step-number.tsx'

interface CodeRowProps {
  way: WayView
  /** This code is the first step of the path: next to tap, or tapped. */
  step?: StepLook
  onScan(): void
}

/** The type a dropped code is known by. */
export const CODE_DRAG_TYPE = 'application/x-siyu-code'

export function CodeRow({ way, step, onScan }: CodeRowProps) {
  return (
    <li className="code" draggable onDragStart={(event) => event.dataTransfer.setData(CODE_DRAG_TYPE, way.configId)}>
      <img src={`/qr/${way.configId}.png`} width={32} height={32} alt="" loading="lazy" draggable={false} />
      <span className="code-words">
        <b>{codeName(way)}</b>
        <small>{step ? kindOf(way) : aboutOf(way)}</small>
      </span>
      {step && <StepNumber number={1} look={step} />}
      <button type="button" className={step === 'now' ? 'button small solid' : 'button small'} onClick={onScan}>
        扫码
      </button>
    </li>
  )
}

export function codeName({ remark, state }: Pick<WayView, 'remark' | 'state'>): string {
  return remark || state || '未命名的码'
}

function kindOf({ type, isTemp }: WayView): string {
  return isTemp ? '临时码' : type === 1 ? '员工活码' : '渠道活码'
}

function aboutOf(way: WayView): string {
  const { users, parties, skipVerify, broughtTotal } = way
  const how = skipVerify ? `来了 ${broughtTotal} 位` : '要成员通过'
  const whom = users.length + parties.length === 0 ? '还没有接待人' : how
  return `${kindOf(way)} · ${whom}`
}
