import { useEffect, useRef, useState } from 'react'
import type { ChatMessage, SentTo } from '../../../src/native/send.ts'
import type { CorpView, StaffView } from '../control-api.ts'
import { createStaffClient, type StaffClientPlace } from '../native/staff-client.ts'
import { usePhoneClient } from '../native/use-phone-client.ts'
import { secondsOf } from '../time-words.ts'
import { CloseIcon } from '../ui/icons.tsx'
import { SendStrip } from './send-strip.tsx'

interface SidebarPanelProps {
  corp: CorpView
  /** Whom the chat is with: a customer, or a group. */
  beside: SentTo
  toWhom: string
  staff: StaffView
  consoleUrl: string
  /** The step of the guided path that is taken in here. */
  step?: 3 | 4
  onTouch(part: string): void
  onProfile(externalUserid?: string): void
  onClose(): void
}

/** On which things of the page the steps stand. */
const PARTS = { 3: ['suggested-tag', 'add-tag'], 4: ['timeline'] } as const

/** Our real page beside the chat, in the browser of the staff member's client. */
export function SidebarPanel(props: SidebarPanelProps) {
  const { corp, beside, toWhom, staff, consoleUrl, step } = props
  const frame = useRef<HTMLIFrameElement>(null)
  const [openMs, setOpenMs] = useState<number>()
  const [asking, setAsking] = useState<{ message: ChatMessage; answer(sends: boolean): void }>()
  const origin = new URL(consoleUrl).origin

  const place: StaffClientPlace = {
    corpid: corp.corpid,
    userid: staff.userid,
    beside,
    confirm: (message) =>
      new Promise((answer) => {
        setAsking((before) => {
          before?.answer(false)
          return { message, answer }
        })
      }),
    openProfile: props.onProfile,
    touched: props.onTouch,
    usable: setOpenMs,
  }
  const latest = useRef(place)
  useEffect(() => {
    latest.current = place
  })
  const [client] = useState(() => createStaffClient(() => latest.current))
  usePhoneClient(frame, origin, client)

  const isOpen = openMs !== undefined
  useEffect(() => {
    if (!isOpen) return
    frame.current?.contentWindow?.postMessage(
      { siyuPhone: 'point', parts: step ? PARTS[step] : [], number: step ?? 0 },
      origin,
    )
  }, [isOpen, step, origin])

  const decide = (sends: boolean) => {
    asking?.answer(sends)
    setAsking(undefined)
  }
  return (
    <div className="sheet side">
      <div className="sheet-head">
        <span>客户助手</span>
        <span className="spring" />
        {isOpen && <span className="sheet-aside">{secondsOf(openMs)}打开</span>}
        {'externalUserid' in beside && (
          <button type="button" onClick={() => props.onProfile()}>
            资料
          </button>
        )}
        <button type="button" aria-label="收起客户助手" onClick={props.onClose}>
          <CloseIcon size={14} />
        </button>
      </div>
      <iframe ref={frame} title="客户助手" src={`${origin}/m/sidebar?corp=${encodeURIComponent(corp.corpid)}`} />
      {asking && <SendStrip toWhom={toWhom} message={asking.message} onDecide={decide} />}
    </div>
  )
}
