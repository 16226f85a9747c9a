import { spaceHan } from '../ui/han-spacing.ts'
import { WIRE_FILTERS, type WireFilter } from './wire-words.ts'

interface WhatComesProps {
  customerName: string
  staffName: string
  filter: WireFilter
  isEmpty: boolean
}

/** An empty wire says what a scan will bring, or how to get what the filter asks for. */
export function WhatComes({ customerName, staffName, filter, isEmpty }: WhatComesProps) {
  if (filter !== 'all') {
    if (!isEmpty) return null
    const label = WIRE_FILTERS.find((it) => it.filter === filter)!.label
    return (
      <p className="empty">
        {filter === 'fault' ? '还没有注入过错。打开上面「故意出错」里的一个开关再扫码。' : `还没有「${label}」。`}
      </p>
    )
  }
  return (
    <div className="what-comes">
      <b>扫码以后，这里会依次出现</b>
      <p>
        <i className="callback">←</i> {spaceHan(`${customerName}加了${staffName}`)}
        <span className="what-kind">回调</span>
      </p>
      <p>
        <i className="call">→</i> 读取客户详情
        <span className="what-kind">调用</span>
      </p>
      <p>
        <i className="call">→</i> 20 秒内发出欢迎语
        <span className="what-kind">调用</span>
      </p>
      <p>
        <i className="call">→</i> {spaceHan(`给${customerName}打上标签`)}
        <span className="what-kind">调用</span>
      </p>
    </div>
  )
}
