import type { DragEvent, ReactNode } from 'react'
import { useNow } from '../clock.ts'
import { minuteOf } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { spaceHan } from '../ui/han-spacing.ts'
import { StatusIcons } from '../ui/icons.tsx'

interface PhoneFrameProps {
  id: string
  owner: string
  work: string
  aside?: ReactNode
  /** The camera is dark in both themes. */
  isDark?: boolean
  onDrop?: (event: DragEvent) => void
  children: ReactNode
}

/** Somebody's phone: 336 wide, its screen exactly 320. Inside only what that person would see, and our asides in teal. */
export function PhoneFrame({ id, owner, work, aside, isDark, onDrop, children }: PhoneFrameProps) {
  return (
    <section className="phone-place" id={id} aria-label={`${owner}的手机`}>
      <header className="phone-owner">
        <Avatar name={owner} size={24} />
        <h2>{spaceHan(`${owner}的手机`)}</h2>
        <span>{work}</span>
        <span className="spring" />
        {aside}
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a code on; tapping works as well */}
      <div
        className={isDark ? 'phone dark' : 'phone'}
        tabIndex={-1}
        onDragOver={onDrop && ((event) => event.preventDefault())}
        onDrop={onDrop}
      >
        <StatusBar />
        {children}
      </div>
    </section>
  )
}

function StatusBar() {
  const now = useNow(250)
  return (
    <div className="status-bar">
      <b>{minuteOf(now)}</b>
      <StatusIcons />
    </div>
  )
}

interface ScreenHeadProps {
  title: string
  sub?: string
  left?: ReactNode
  right?: ReactNode
}

export function ScreenHead({ title, sub, left, right }: ScreenHeadProps) {
  return (
    <div className="screen-head">
      <span className="screen-head-side">{left}</span>
      <span className="screen-title">
        <b>{title}</b>
        {sub && <small>{sub}</small>}
      </span>
      <span className="screen-head-side right">{right}</span>
    </div>
  )
}
