import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Actor } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import type { TimelineItem } from '../events/schema.ts'
import { NoteClosed } from './errors.ts'
import { putMentions, readMentioned, readMentions } from './mentions.ts'
import { requireContact } from './read-profile.ts'
import type { NoteText } from './schema.ts'

const EDIT_HOURS = 24
type Author = Pick<Actor, 'accountId' | 'name' | 'staffId' | 'scope'>

/** Writes down something about a customer; it stands in his timeline. */
export async function addNote(
  tx: Tx,
  corpId: string,
  askedId: string,
  { text, mentions }: NoteText,
  author: Author,
  now: Date,
): Promise<{ noteId: string; mentioned: string[] }> {
  const contactId = await requireContact(tx, corpId, askedId, author.scope)
  const mentioned = await readMentioned(tx, corpId, contactId, { text, mentions })
  const { noteId } = await tx
    .insertInto('contactNote')
    .values({ corpId, contactId, accountId: author.accountId, author: author.name, text, createdAt: now })
    .returning('noteId')
    .executeTakeFirstOrThrow()
  await journal(tx, corpId, contactId, 'note.added', author, { noteId, text }, now)
  await putMentions(tx, corpId, { contactId, noteId, staffIds: mentioned }, author, now)
  return { noteId, mentioned }
}

/** Mends one's own note while it is fresh; that it was, and what it said, stays in the timeline. */
export async function editNote(
  tx: Tx,
  corpId: string,
  { contactId: askedId, noteId }: { contactId: string; noteId: string },
  { text, mentions }: NoteText,
  author: Author,
  now: Date,
): Promise<{ mentioned: string[] }> {
  const contactId = await requireContact(tx, corpId, askedId, author.scope)
  const { rows } = await sql<{ text: string; open: boolean }>`
    select text, account_id = ${author.accountId}::bigint and created_at > ${now}::timestamptz - ${EDIT_HOURS} * interval '1 hour' as open
    from contact_note where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and note_id = ${noteId}::bigint for update`.execute(
    tx,
  )
  const note = rows[0]
  if (!note) throw new NotFound({ what: '跟进记录' })
  if (!note.open) throw new NoteClosed({ hours: EDIT_HOURS })
  const mentioned = await readMentioned(tx, corpId, contactId, { text, mentions })
  if (note.text === text) return { mentioned }
  await tx
    .updateTable('contactNote')
    .set({ text, editedAt: now })
    .where('corpId', '=', corpId)
    .where('contactId', '=', contactId)
    .where('noteId', '=', noteId)
    .execute()
  await journal(tx, corpId, contactId, 'note.edited', author, { noteId, from: note.text }, now)
  await putMentions(tx, corpId, { contactId, noteId, staffIds: mentioned }, author, now)
  return { mentioned }
}

async function journal(
  tx: Tx,
  corpId: string,
  contactId: string,
  kind: 'note.added' | 'note.edited',
  { name, staffId }: Author,
  props: { noteId: string } & Record<string, string>,
  now: Date,
): Promise<void> {
  const key = kind === 'note.added' ? `${kind} ${props.noteId}` : `${kind} ${props.noteId} ${now.toISOString()}`
  await appendEvents(
    tx,
    corpId,
    [{ contactId, at: now, kind, staffId, source: 'console', props: { ...props, by: name }, key }],
    now,
  )
}

/** Notes of a timeline as they read now, and until when the reader may mend his own. */
export async function readNow(
  tx: Tx,
  corpId: string,
  items: TimelineItem[],
  accountId: string,
  now: Date,
): Promise<TimelineItem[]> {
  const written = items.filter(({ kind }) => kind === 'note.added')
  if (written.length === 0) return items
  const { rows } = await sql<{ noteId: string; text: string; edited: boolean; mine: boolean; createdAt: Date }>`
    select note_id, text, edited_at is not null as edited, account_id = ${accountId}::bigint as mine, created_at from contact_note
    where corp_id = ${corpId}::bigint and contact_id = any(${written.map((item) => item.contactId)}::bigint[]) and note_id = any(${written.map((item) => String(item.props.noteId))}::bigint[])`.execute(
    tx,
  )
  const mentions = await readMentions(
    tx,
    corpId,
    rows.map((row) => row.noteId),
  )
  const notes = new Map(rows.map((row) => [row.noteId, row]))
  return items.map((item) => {
    const note = item.kind === 'note.added' ? notes.get(String(item.props.noteId)) : undefined
    if (!note) return item
    const until = new Date(note.createdAt.getTime() + EDIT_HOURS * 3_600_000)
    const editableUntil = note.mine && until > now ? until.toISOString() : null
    return {
      ...item,
      props: {
        ...item.props,
        text: note.text,
        edited: note.edited,
        editableUntil,
        mentions: mentions.get(note.noteId) ?? [],
      },
    }
  })
}
