import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueNamed } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { type Letter, sendLetters } from '../staff/letters.ts'
import { whoSees } from '../staff/who-sees.ts'
import { MentionedCannotSee } from './errors.ts'

const JOB = 'contacts.tell-mentions'
/** Somebody who mends his note at once is not told twice. */
const GATHER_MS = 5_000
const LINES_SAID = 5
const TEXT_SAID = 100

/** Of the members somebody picked, those whose name still stands in the text; whoever may not see the customer is refused by name. */
export async function readMentioned(
  tx: Tx,
  corpId: string,
  contactId: string,
  { text, mentions }: { text: string; mentions: readonly string[] },
): Promise<string[]> {
  if (mentions.length === 0) return []
  const { rows } = await sql<{ staffId: string; name: string }>`
    select staff_id, name from staff where corp_id = ${corpId}::bigint and staff_id = any(${[...mentions]}::bigint[]) and left_at is null`.execute(
    tx,
  )
  const named = rows.filter(({ name }) => text.includes(`@${name}`))
  const seers = await whoSees(tx, corpId, contactId, {
    staffIds: named.map(({ staffId }) => staffId),
    limit: named.length,
  })
  const sees = new Set(seers.map(({ staffId }) => staffId))
  const blind = named.filter(({ staffId }) => !sees.has(staffId))
  if (blind.length > 0) throw new MentionedCannotSee({ names: blind.map(({ name }) => name) })
  return named.map(({ staffId }) => staffId)
}

/** Notes who is named in a note and asks that they be told: each once, however often the note is mended. Nobody is told of himself. */
export async function putMentions(
  tx: Tx,
  corpId: string,
  { contactId, noteId, staffIds }: { contactId: string; noteId: string; staffIds: readonly string[] },
  { name, staffId }: { name: string; staffId: string | null },
  now: Date,
): Promise<void> {
  // Whoever was taken out before he was told is not told; whoever was told stays noted, so that he is not told again.
  await sql`
    delete from note_mention where corp_id = ${corpId}::bigint and note_id = ${noteId}::bigint and told_at is null and batch is null and staff_id <> all(${[...staffIds]}::bigint[])`.execute(
    tx,
  )
  if (staffIds.length === 0) return
  const { rows } = await sql`
    insert into note_mention (corp_id, note_id, staff_id, contact_id, actor, created_at, told_at)
    select ${corpId}::bigint, ${noteId}::bigint, id, ${contactId}::bigint, ${name}, ${now}::timestamptz, case when id = ${staffId}::bigint then ${now}::timestamptz end
    from unnest(${[...staffIds]}::bigint[]) as id order by id on conflict do nothing returning staff_id`.execute(tx)
  if (rows.length === 0) return
  const when = { key: `${JOB}:${corpId}`, runAt: new Date(Date.now() + GATHER_MS), maxAttempts: 5 }
  await enqueueNamed(tx, JOB, { corpId }, when)
}

/** Of notes, whom each names. */
export async function readMentions(
  tx: Tx,
  corpId: string,
  noteIds: readonly string[],
): Promise<Map<string, { staffId: string; name: string }[]>> {
  const { rows } = await sql<{ noteId: string; staffId: string; name: string }>`
    select m.note_id, m.staff_id, s.name from note_mention m join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = m.staff_id
    where m.corp_id = ${corpId}::bigint and m.note_id = any(${[...noteIds]}::bigint[]) order by m.note_id, s.name`.execute(
    tx,
  )
  const all = new Map<string, { staffId: string; name: string }[]>()
  for (const { noteId, ...one } of rows) all.set(noteId, [...(all.get(noteId) ?? []), one])
  return all
}

/** Tells members where they were named, in one message each. */
export const tellMentionsJob = defineJob<WorkContext, { corpId: string }>({
  name: JOB,
  payload: z.object({ corpId: Id }),
  maxAttempts: 5,
  async run(context, { corpId }, { last }) {
    const letters = await inCorp(context.db, corpId, (tx) => settleLetters(tx, corpId, context.publicUrl))
    await sendLetters(context, corpId, letters, {
      subject: 'note_mention',
      job: JOB,
      last,
      async forget(tx, batch) {
        await sql`update note_mention set told_at = ${context.clock.now()}::timestamptz where corp_id = ${corpId}::bigint and batch = ${batch}::uuid`.execute(
          tx,
        )
      },
    })
  },
})

interface Line {
  batch: string
  userid: string
  contactId: string
  customer: string
  actor: string
  text: string
}

/** Gives what is untold its batch, a batch a member, and writes a letter of every batch there is. Whoever has left is told nothing. */
async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await sql`
    delete from note_mention m using staff s where m.corp_id = ${corpId}::bigint and m.told_at is null and s.corp_id = ${corpId}::bigint and s.staff_id = m.staff_id and s.left_at is not null`.execute(
    tx,
  )
  await sql`
    with untold as (select distinct staff_id from note_mention where corp_id = ${corpId}::bigint and told_at is null and batch is null),
    settled as (select staff_id, gen_random_uuid() as batch from untold)
    update note_mention m set batch = s.batch from settled s
    where m.corp_id = ${corpId}::bigint and m.staff_id = s.staff_id and m.told_at is null and m.batch is null`.execute(
    tx,
  )
  const { rows } = await sql<Line>`
    select m.batch, s.userid, c.contact_id, coalesce(nullif(f.remark, ''), nullif(c.name, ''), '一位客户') as customer, m.actor, n.text
    from note_mention m join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = m.staff_id
    join contact o on o.corp_id = ${corpId}::bigint and o.contact_id = m.contact_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = coalesce(o.merged_into, o.contact_id)
    join contact_note n on n.corp_id = ${corpId}::bigint and n.contact_id in (c.contact_id, o.contact_id) and n.note_id = m.note_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = m.staff_id
    where m.corp_id = ${corpId}::bigint and m.told_at is null and m.batch is not null order by m.batch, m.created_at, m.note_id`.execute(
    tx,
  )
  return [...Map.groupBy(rows, (row) => row.batch)].map(([batch, lines]) => ({
    batch,
    messages: [{ touser: lines[0]!.userid, content: sayMentions(lines, publicUrl) }],
  }))
}

const plain = (text: string, most: number): string => {
  const one = text.replaceAll(/[\r\n<>]+/g, ' ').trim()
  return one.length > most ? `${one.slice(0, most)}…` : one
}

function sayMentions(lines: readonly Line[], publicUrl: string): string {
  const left = lines.length - LINES_SAID
  return [
    ...lines
      .slice(0, LINES_SAID)
      .map(
        ({ actor, customer, text }) =>
          `${plain(actor, 20)}在「${plain(customer, 20)}」的跟进记录里提到了你：${plain(text, TEXT_SAID)}`,
      ),
    ...(left > 0 ? [`还有 ${left} 条也提到了你。`] : []),
    `打开看看：${publicUrl}/contacts/${lines[0]!.contactId}`,
  ].join('\n')
}
