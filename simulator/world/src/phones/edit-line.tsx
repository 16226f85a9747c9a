import { type FormEvent, useState } from 'react'
import { PenIcon } from '../ui/icons.tsx'

interface EditLineProps {
  label: string
  value: string
  /** Characters, as WeCom has it. */
  limit: number
  placeholder?: string
  onSave(value: string): void
}

/** A line of the card that turns into a field when tapped; leaving it saves what changed. */
export function EditLine({ label, value, limit, placeholder = '未填', onSave }: EditLineProps) {
  const [draft, setDraft] = useState<string>()
  const save = (event?: FormEvent) => {
    event?.preventDefault()
    if (draft !== undefined && draft.trim() !== value) onSave(draft.trim())
    setDraft(undefined)
  }
  if (draft === undefined) {
    return (
      <button type="button" className="edit-line" onClick={() => setDraft(value)}>
        <span>{label}</span>
        <b className={value === '' ? 'unset' : undefined}>{value || placeholder}</b>
        <PenIcon size={14} />
      </button>
    )
  }
  return (
    <form className="edit-line" onSubmit={save}>
      <span>{label}</span>
      <input
        // biome-ignore lint/a11y/noAutofocus: the line was tapped to write in it
        autoFocus
        value={draft}
        maxLength={limit}
        aria-label={label}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => save()}
        onKeyDown={(event) => event.key === 'Escape' && setDraft(undefined)}
      />
    </form>
  )
}
