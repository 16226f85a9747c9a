import type { TagGroup } from '../../../src/world/records.ts'
import { BackIcon } from '../ui/icons.tsx'
import type { CardEdit } from './customer-card.tsx'

interface TagPickerProps {
  tagGroups: readonly TagGroup[]
  worn: readonly string[]
  onToggle(edit: CardEdit): void
  onClose(): void
}

/** The company's tags by group, as the client lists them. Each tap is one edit. */
export function TagPicker({ tagGroups, worn, onToggle, onClose }: TagPickerProps) {
  return (
    <>
      <div className="sheet-head">
        <button type="button" onClick={onClose}>
          <BackIcon size={14} /> 客户资料
        </button>
        <span>企业标签</span>
      </div>
      <div className="sheet-body">
        {tagGroups.map((group) => (
          <div className="card" key={group.id}>
            <small>{group.name}</small>
            <div className="tags">
              {group.tags.map(({ id, name }) => {
                const isWorn = worn.includes(id)
                return (
                  <button
                    key={id}
                    type="button"
                    className={isWorn ? 'tag on' : 'tag'}
                    aria-pressed={isWorn}
                    onClick={() => onToggle(isWorn ? { removeTags: [id] } : { addTags: [id] })}
                  >
                    {name}
                  </button>
                )
              })}
            </div>
          </div>
        ))}
      </div>
    </>
  )
}
