import { useRef, useState } from 'react'
import type { About, Person } from '../api/sidebar.ts'
import { say } from './words.ts'

interface NoteFieldProps {
  about: About
  text: string
  onChange(text: string): void
  /** Whoever was picked; whether his name still stands there is looked at when it is saved. */
  onPick(person: Person): void
}

const NOTE_MAX = 2_000

/** Room for a line or more, where “@” offers colleagues who may see the customer. */
export function NoteField({ about, text, onChange, onPick }: NoteFieldProps) {
  const [people, setPeople] = useState<Person[]>([])
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = useRef('')
  const look = (next: string, caret: number) => {
    onChange(next)
    const name = /@([^\s@]{0,20})$/.exec(next.slice(0, caret))?.[1]
    asked.current = name ?? ''
    if (name === undefined) return setPeople([])
    about.mentionable(name).then(
      ({ items }) => asked.current === name && setPeople(items),
      () => setPeople([]),
    )
  }
  const pick = (person: Person) => {
    const caret = field.current?.selectionStart ?? text.length
    const before = text.slice(0, caret).replace(/@[^\s@]*$/, `@${person.name} `)
    onChange(before + text.slice(caret))
    onPick(person)
    setPeople([])
    field.current?.focus()
  }
  return (
    <div className="note-field">
      <textarea
        ref={field}
        rows={1}
        value={text}
        maxLength={NOTE_MAX}
        placeholder={say('notePlaceholder')}
        aria-label={say('notePlaceholder')}
        onChange={({ target }) => look(target.value, target.selectionStart)}
      />
      {people.length > 0 && (
        <div className="times">
          {people.map((person) => (
            <button key={person.staffId} type="button" className="button" onClick={() => pick(person)}>
              @{person.name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
