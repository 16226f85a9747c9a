import { useEffect, useMemo, useRef, useState } from 'react'
import { useLiveStatus } from '../live.ts'
import { foldWire, repeatsOf } from './fold-wire.ts'
import { useWire } from './use-wire.ts'
import { WhatComes } from './what-comes.tsx'
import { WireFoldRow } from './wire-fold-row.tsx'
import { WireRow } from './wire-row.tsx'
import { WireState } from './wire-state.tsx'
import { isAbout, isServerAway, WIRE_FILTERS, type WireFilter } from './wire-words.ts'

/** Scrolled further than this, somebody reads an old row. */
const READING_PX = 24
/** So many rows may push an open one down before the wire holds still for its reader. */
const PUSHES_MAX = 12

/** Rows and folds that fill a screen, and how far back we look for them by ourselves. */
const ITEMS_MIN = 12
const READ_ON_MAX = 300

interface WirePanelProps {
  corpid: string
  hasReceiver: boolean
  consoleUrl: string
  customerId: string
  customerName: string
  staffName: string
  /** Changes when the visitor does something: the wire is live again then. */
  acted: number
  onClose?: () => void
  onAway(isAway: boolean): void
}

export function WirePanel(props: WirePanelProps) {
  const { corpid, customerId } = props
  const [filter, setFilter] = useState<WireFilter>('all')
  const [openId, setOpenId] = useState<number>()
  const [isScrolled, setScrolled] = useState(false)
  const [topAtOpen, setTopAtOpen] = useState(0)
  const [pushes, setPushes] = useState(0)
  const isHeld = isScrolled || (openId !== undefined && pushes >= PUSHES_MAX)
  const wire = useWire(corpid, filter, isHeld)
  const list = useRef<HTMLDivElement>(null)
  const status = useLiveStatus()
  const items = useMemo(() => foldWire(wire.entries, customerId), [wire.entries, customerId])
  const repeats = useMemo(() => repeatsOf(wire.entries), [wire.entries])
  const isBeforeScan =
    items.length < ITEMS_MIN && !wire.entries.some((entry) => entry.callback && isAbout(entry, customerId))
  const isAway = isServerAway(wire.entries)
  const { onAway } = props

  useEffect(() => onAway(isAway), [isAway, onAway])
  const newestId = wire.entries[0]?.id ?? 0
  useEffect(() => {
    if (openId !== undefined) setPushes(wire.entries.filter(({ id }) => id > topAtOpen).length)
  }, [openId, topAtOpen, wire.entries])

  // A page may fold into a row or two; read on until there is something to look at.
  const { readOlder } = wire
  const isThin = items.length < ITEMS_MIN && wire.entries.length < READ_ON_MAX
  useEffect(() => {
    if (isThin) void readOlder?.()
  }, [isThin, readOlder])

  const toggle = (id: number) => {
    setOpenId(openId === id ? undefined : id)
    setTopAtOpen(newestId)
    setPushes(0)
  }
  const toTop = () => {
    setPushes(0)
    setTopAtOpen(newestId)
    list.current?.scrollTo({ top: 0 })
    wire.letIn()
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: an act, and nothing else, brings the reader back to the top
  useEffect(toTop, [props.acted])

  return (
    <aside className="wire" aria-label="接口往来">
      <header className={status === 'lost' || isAway ? 'wire-head away' : 'wire-head'}>
        <h2>接口往来</h2>
        <WireState
          isLost={status === 'lost'}
          isAway={isAway}
          hasReceiver={props.hasReceiver}
          consoleUrl={props.consoleUrl}
        />
        <span className="spring" />
        <button type="button" className="link" onClick={() => void wire.clear()}>
          清空
        </button>
        {props.onClose && (
          <button type="button" className="link quiet" onClick={props.onClose}>
            收起
          </button>
        )}
      </header>
      <div className="wire-filters" role="tablist" aria-label="看哪些">
        {WIRE_FILTERS.map((it) => (
          <button
            key={it.filter}
            type="button"
            role="tab"
            aria-selected={filter === it.filter}
            onClick={() => setFilter(it.filter)}
          >
            {it.label}
            {it.filter === 'fault' && <b className={wire.injected > 0 ? 'some' : ''}>{wire.injected}</b>}
          </button>
        ))}
      </div>
      <div
        className="wire-list"
        ref={list}
        onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop > READING_PX)}
      >
        {wire.waiting > 0 && isHeld && (
          <button type="button" className="wire-pill" onClick={toTop}>
            ↑ {wire.waiting} 条新的
          </button>
        )}
        <ol>
          {items.map((item) =>
            'fold' in item ? (
              <WireFoldRow key={`fold ${item.fold.id}`} fold={item.fold} openId={openId} onToggle={toggle} />
            ) : (
              <WireRow
                key={item.entry.id}
                entry={item.entry}
                isRepeat={repeats.has(item.entry.id)}
                isOpen={item.entry.id === openId}
                onToggle={() => toggle(item.entry.id)}
              />
            ),
          )}
        </ol>
        {wire.readOlder && (
          <button type="button" className="button wide" onClick={() => void wire.readOlder?.()}>
            更早的
          </button>
        )}
        {isBeforeScan && (
          <WhatComes
            customerName={props.customerName}
            staffName={props.staffName}
            filter={filter}
            isEmpty={wire.entries.length === 0}
          />
        )}
      </div>
      <footer className="wire-foot">
        <span>
          <i className="call">→</i> 我们调用
        </span>
        <span>
          <i className="callback">←</i> 收到回调
        </span>
        <span>
          <i>○</i> 顾客打开网页
        </span>
        <span className="spring" />
        <span>点开看原文</span>
      </footer>
    </aside>
  )
}
