import { useState } from 'react'
import type { Customer, Follow, TagGroup } from '../../../src/world/records.ts'
import { codeName } from '../cast/code-row.tsx'
import { clock } from '../clock.ts'
import type { WayView } from '../control-api.ts'
import { knownFor } from '../time-words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { CloseIcon, OutIcon, PlusIcon } from '../ui/icons.tsx'
import { EditLine } from './edit-line.tsx'
import { TagPicker } from './tag-picker.tsx'

export interface CardEdit {
  remark?: string
  description?: string
  addTags?: string[]
  removeTags?: string[]
}

interface CustomerCardProps {
  customer: Customer
  follow: Follow
  tagGroups: readonly TagGroup[]
  metWay?: WayView
  timelineUrl: string
  onEdit(edit: CardEdit): void
  onAccept(): void
  onClose(): void
  onDelete(): void
}

/** WeCom's own customer card: what the member changes here is called back to the company. */
export function CustomerCard(props: CustomerCardProps) {
  const { customer, follow, tagGroups, metWay, onEdit } = props
  const [isPicking, setPicking] = useState(false)
  const tags = tagGroups.flatMap((group) => group.tags)
  const worn = follow.tags.map((id) => tags.find((tag) => tag.id === id)).filter((tag) => tag !== undefined)

  if (isPicking) {
    return (
      <div className="sheet tall">
        <TagPicker tagGroups={tagGroups} worn={follow.tags} onToggle={onEdit} onClose={() => setPicking(false)} />
      </div>
    )
  }
  return (
    <div className="sheet">
      <div className="sheet-head">
        <span>客户资料</span>
        <button type="button" aria-label="收起客户资料" onClick={props.onClose}>
          <CloseIcon size={14} />
        </button>
      </div>
      <div className="sheet-body">
        <div className="card">
          <div className="card-who">
            <Avatar name={customer.name} size={40} />
            <span>
              <b>{customer.name}</b>
              <small>{metHow(metWay, follow)}</small>
            </span>
            {follow.half && (
              <button type="button" className="phone-button solid" onClick={props.onAccept}>
                通过
              </button>
            )}
          </div>
          <div className="tags">
            {worn.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                className="tag"
                title="点一下拿掉"
                onClick={() => onEdit({ removeTags: [id] })}
              >
                {name}
              </button>
            ))}
            {follow.personalTags.map((name) => (
              <span key={name} className="tag personal" title="个人标签，只有这位成员看得到">
                {name}
              </span>
            ))}
            {tags.length > 0 && (
              <button type="button" className="tag add" onClick={() => setPicking(true)}>
                <PlusIcon size={12} />
                标签
              </button>
            )}
            {tags.length === 0 && <small>企业还没有标签，在控制台里建。</small>}
          </div>
        </div>
        <div className="card lines">
          <EditLine label="备注" value={follow.remark} limit={20} onSave={(remark) => onEdit({ remark })} />
          <EditLine
            label="描述"
            value={follow.description}
            limit={150}
            placeholder="写点什么，方便下次招呼"
            onSave={(description) => onEdit({ description })}
          />
        </div>
        <a className="card timeline-link" href={props.timelineUrl} target="siyu-console">
          <span>在控制台看时间线</span>
          <OutIcon size={14} />
        </a>
        <button type="button" className="delete-line" onClick={props.onDelete}>
          删除客户
        </button>
      </div>
    </div>
  )
}

function metHow(way: WayView | undefined, follow: Follow): string {
  const known = knownFor(follow.createtime * 1000, clock.nowMs())
  const since = known.endsWith('加的') ? known : `认识 ${known}`
  return way ? `${since} · 扫「${codeName(way)}」` : since
}
