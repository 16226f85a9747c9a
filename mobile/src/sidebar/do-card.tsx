import { useState } from 'react'
import { type About, endTask, type Mine, type Person, reopenTask, type Task } from '../api/sidebar.ts'
import { dueTime, shortTime } from '../words/numbers.ts'
import { may } from './boot.ts'
import type { Acts } from './customer-page.tsx'
import { FollowUpSheet } from './follow-up-sheet.tsx'
import { NoteField } from './note-field.tsx'
import { say } from './words.ts'

interface DoCardProps {
  view: Mine
  about: About
  acts: Acts
  nowMs: number
}

/** What is left to do, and what the member writes down for himself and whoever comes after him. */
export function DoCard({ view, about, acts, nowMs }: DoCardProps) {
  const [text, setText] = useState('')
  const [picked, setPicked] = useState<Person[]>([])
  const [editing, setEditing] = useState<string>()
  const [isReminding, setReminding] = useState(false)
  const finish = ({ taskId, title }: Task) =>
    acts.run(
      () => endTask(taskId),
      say('done', { title }),
      () => reopenTask(taskId),
    )
  const write = async () => {
    const said = text.trim()
    if (said === '') return
    const named = picked.filter(({ name }) => said.includes(`@${name}`)).map(({ staffId }) => staffId)
    const done = editing
      ? await acts.run(() => about.editNote(editing, said, named), say('noteEdited'))
      : await acts.run(() => about.note(said, named), say('noteWritten'))
    if (!done) return
    setText('')
    setPicked([])
    setEditing(undefined)
  }
  return (
    <section className="card do" aria-label={say('do')}>
      <header>
        <h2>{say('do')}</h2>
        {may('tasks.write') && (
          <button type="button" className="quiet" onClick={() => setReminding(true)}>
            {say('remind')}
          </button>
        )}
      </header>
      <ul className="rows">
        {view.tasks.map((task) => (
          <li key={task.taskId}>
            <button
              type="button"
              className="circle"
              aria-label={say('finish', { title: task.title })}
              disabled={!may('tasks.write')}
              onClick={() => void finish(task)}
            />
            <span className="what">
              {task.title}
              {(task.say || task.note) && <small>{task.say || task.note}</small>}
            </span>
            <time className={task.late ? 'due late' : 'due'} dateTime={task.dueAt}>
              {dueTime(task.dueAt, nowMs)}
            </time>
          </li>
        ))}
      </ul>
      {may('contacts.write') && (
        <form
          className="note-form"
          onSubmit={(event) => {
            event.preventDefault()
            void write()
          }}
        >
          <NoteField about={about} text={text} onChange={setText} onPick={(person) => setPicked([...picked, person])} />
          <button type="submit" className="button" disabled={text.trim() === ''}>
            {editing ? say('save') : say('writeNote')}
          </button>
        </form>
      )}
      {isReminding && <FollowUpSheet about={about} acts={acts} nowMs={nowMs} onClose={() => setReminding(false)} />}
      <ul className="rows notes">
        {view.notes.map((note) => (
          <li key={note.noteId}>
            <span>
              {note.text}
              <small>
                {note.author} · {shortTime(note.at, nowMs)}
              </small>
            </span>
            {note.mine && !note.text.endsWith('…') && (
              <button
                type="button"
                className="quiet"
                onClick={() => {
                  setEditing(note.noteId)
                  setText(note.text)
                }}
              >
                {say('edit')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
