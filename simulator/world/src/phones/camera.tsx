import { codeName } from '../cast/code-row.tsx'
import type { StaffView, WayView } from '../control-api.ts'
import { letterOf } from '../ui/avatar.tsx'
import { StepNumber } from '../ui/step-number.tsx'

interface CameraProps {
  corpName: string
  way?: WayView
  /** Whom the code leads to, when that is one member. */
  staff?: StaffView
  isFound: boolean
  isNextStep: boolean
  isBusy: boolean
  onRead(): void
  onAdd(): void
  onLeave?: () => void
}

/** The customer's camera on a sign that stands on a counter. */
export function Camera({ corpName, way, staff, isFound, isNextStep, isBusy, onRead, onAdd, onLeave }: CameraProps) {
  return (
    <div className={isFound ? 'camera found' : 'camera'}>
      {onLeave && (
        <button type="button" className="camera-leave" onClick={onLeave}>
          取消
        </button>
      )}
      <div className="counter" aria-hidden="true" />
      <div className="cup" aria-hidden="true" />
      <button type="button" className="sign" disabled={!way} aria-label="对准这个码" onClick={onRead}>
        <span className="sign-head">{corpName}</span>
        <span className="sign-code">{way && <img src={`/qr/${way.configId}.png`} alt="" draggable={false} />}</span>
        <span className="sign-foot">{way ? signFoot(staff) : '还没有码'}</span>
      </button>
      {isFound && way ? (
        <div className="found-card">
          <span className="found-logo">{letterOf(corpName)}</span>
          <b>{staff?.name ?? `${corpName}的导购`}</b>
          <small>{codeName(way)}</small>
          <button type="button" className="phone-button solid" disabled={isBusy} onClick={onAdd}>
            {isNextStep && <StepNumber number={1} look="now" />}
            添加
          </button>
        </div>
      ) : (
        <div className="camera-words">
          <b>{way ? `对着「${codeName(way)}」扫一下` : '没有可扫的码'}</b>
          <span>{way ? '点一下码，或从左边拖一个码过来' : '在控制台建一个渠道活码，它会出现在左边'}</span>
        </div>
      )}
    </div>
  )
}

function signFoot(staff: StaffView | undefined): string {
  return staff ? `扫码找${staff.name}，点单不排队` : '扫码加导购，有事随时问'
}
