import { App, Button } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { useProblemToast } from '../../ui/problem-toast.ts'
import { sayFull } from '../../ui/time-words.ts'
import type { EventItem } from '../events/describe-event.ts'
import { useCan } from '../staff/session.ts'
import styles from './contacts.module.css'
import { MentionText, useMentioned } from './mention-text.tsx'
import { cutAtNames, type Person } from './named-in.ts'

/** Characters; the server holds it too. */
const NOTE_MAX = 2_000
const refresh = (contactId: string) => queryClient.invalidateQueries({ queryKey: ['feed', contactId] })
/** Ctrl or ⌘ with Enter saves, as in every chat. */
const onEnter = (save: () => void) => (event: KeyboardEvent) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
}

/** One line until it is pressed, then room to write. */
export function NoteComposer({ contactId }: { contactId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const onError = useProblemToast()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const mentioned = useMentioned()
  const add = api.useMutation('post', '/api/contacts/{contactId}/notes', {
    onError,
    onSuccess() {
      setText('')
      setOpen(false)
      void refresh(contactId)
      void message.success(t('journal.saved'))
    },
  })
  if (!useCan('contacts.write')) return null
  const save = () =>
    text.trim() && add.mutate({ params: { path: { contactId } }, body: { text, mentions: mentioned.named(text) } })
  return (
    <div className={styles.note}>
      <MentionText
        contactId={contactId}
        mentioned={mentioned}
        minRows={open ? 3 : 1}
        maxLength={NOTE_MAX}
        label={t('journal.write')}
        placeholder={open ? t('journal.placeholder') : t('journal.write')}
        value={text}
        onFocus={() => setOpen(true)}
        onChange={setText}
        onKeyDown={onEnter(save)}
      />
      {open && (
        <div className={styles.noteFoot}>
          <span className="quiet small">{text.length > NOTE_MAX - 200 && `${text.length} / ${NOTE_MAX}`}</span>
          <Button
            size="small"
            onClick={() => {
              setOpen(false)
              setText('')
            }}
          >
            {t('actions.cancel')}
          </Button>
          <Button size="small" type="primary" loading={add.isPending} disabled={text.trim() === ''} onClick={save}>
            {t('journal.save')}
          </Button>
        </div>
      )}
    </div>
  )
}

const mentionsOf = ({ props }: EventItem): Person[] => (Array.isArray(props.mentions) ? props.mentions : [])

/** What was written, as it reads now; its author may mend it for a day. */
export function NoteBody({ item }: { item: EventItem }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const text = typeof item.props.text === 'string' ? item.props.text : ''
  const until = typeof item.props.editableUntil === 'string' ? item.props.editableUntil : undefined
  if (editing) return <NoteEditor item={item} text={text} onDone={() => setEditing(false)} />
  return (
    <div className={styles.noteText}>
      <p>
        {cutAtNames(text, mentionsOf(item)).map((part, i) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
          typeof part === 'string' ? part : <b key={i} className={styles.named}>{`@${part.name}`}</b>,
        )}
      </p>
      <small>
        {item.props.edited === true && `${t('journal.edited')} `}
        {until && (
          <button
            type="button"
            className="textlink"
            title={t('journal.editUntil', { when: sayFull(new Date(until)) })}
            onClick={() => setEditing(true)}
          >
            {t('journal.edit')}
          </button>
        )}
      </small>
    </div>
  )
}

function NoteEditor({ item, text, onDone }: { item: EventItem; text: string; onDone: () => void }) {
  const { t } = useTranslation()
  const onError = useProblemToast()
  const [typed, setTyped] = useState(text)
  const mentioned = useMentioned()
  mentioned.offer(mentionsOf(item))
  const edit = api.useMutation('patch', '/api/contacts/{contactId}/notes/{noteId}', {
    onError,
    onSuccess() {
      void refresh(item.contactId)
      onDone()
    },
  })
  const path = { contactId: item.contactId, noteId: String(item.props.noteId) }
  const save = () =>
    typed.trim() && edit.mutate({ params: { path }, body: { text: typed, mentions: mentioned.named(typed) } })
  return (
    <div className={styles.note}>
      <MentionText
        contactId={item.contactId}
        mentioned={mentioned}
        autoFocus
        minRows={2}
        maxLength={NOTE_MAX}
        label={t('journal.edit')}
        value={typed}
        onChange={setTyped}
        onKeyDown={onEnter(save)}
      />
      <div className={styles.noteFoot}>
        <Button size="small" onClick={onDone}>
          {t('actions.cancel')}
        </Button>
        <Button size="small" type="primary" loading={edit.isPending} disabled={typed.trim() === ''} onClick={save}>
          {t('actions.save')}
        </Button>
      </div>
    </div>
  )
}
