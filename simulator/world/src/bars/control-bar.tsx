import type { ReactNode } from 'react'
import { clock, useClock, useNow } from '../clock.ts'
import type { FaultsView } from '../control-api.ts'
import { dayOf, secondOf } from '../time-words.ts'
import { PauseIcon, PlayIcon } from '../ui/icons.tsx'
import { Switch } from '../ui/switch.tsx'
import { FAULT_SWITCHES, type FaultSwitch, isOn } from './fault-switches.ts'

const SPEEDS = [1, 60, 3600]
export const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

interface ControlBarProps {
  faults?: FaultsView
  children?: ReactNode
  onFlip(flipped: FaultSwitch): void
  onClock(change: { speed?: number; paused?: boolean; jumpSeconds?: number }): void
}

export function ControlBar({ faults, children, onFlip, onClock }: ControlBarProps) {
  const { paused, speed } = useClock()
  const rules = faults?.rules ?? []
  return (
    <div className="control-bar">
      <ClockFace />
      <button
        type="button"
        className={paused ? 'button small waiting' : 'button small'}
        title="空格"
        onClick={() => onClock({ paused: !paused })}
      >
        {paused ? <PlayIcon size={14} /> : <PauseIcon size={14} />}
        {paused ? '继续' : '暂停'}
      </button>
      <div className="segments" role="radiogroup" aria-label="时钟快慢">
        {SPEEDS.map((it) => (
          // biome-ignore lint/a11y/useSemanticElements: three look-alike buttons in a row, not a form
          <button
            key={it}
            type="button"
            role="radio"
            aria-checked={speed === it}
            onClick={() => onClock({ speed: it })}
          >
            ×{it}
          </button>
        ))}
      </div>
      <button type="button" className="button small" title="]" onClick={() => onClock({ jumpSeconds: HOUR_S })}>
        +1 小时
      </button>
      <button type="button" className="button small" onClick={() => onClock({ jumpSeconds: DAY_S })}>
        +1 天
      </button>
      <span className="divider" />
      <span className="control-label">故意出错</span>
      {FAULT_SWITCHES.map((it) => (
        <Switch key={it.label} warns label={it.label} hint={it.hint} on={isOn(rules, it)} onChange={() => onFlip(it)} />
      ))}
      <span className="spring" />
      <span className="control-promise">不会联系到任何真人</span>
      {children}
    </div>
  )
}

function ClockFace() {
  const { paused } = useClock()
  const now = useNow(200)
  if (!clock.known) return <div className="clock-face" />
  return (
    <div className={paused ? 'clock-face paused' : 'clock-face'} role="timer" aria-label="虚拟时钟">
      <span className="control-label">{paused ? '已暂停' : '虚拟时钟'}</span>
      <span className="clock-day">{dayOf(now)}</span>
      <b>{secondOf(now)}</b>
    </div>
  )
}
