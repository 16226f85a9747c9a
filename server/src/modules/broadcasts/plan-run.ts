import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import { Id, idArray } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import { readMaterials } from '../content/materials/read-material.ts'
import { requireKnownSlots } from '../content/variables.ts'
import type { WorkContext } from '../corps/context.ts'
import { nextOpen, planTouch } from '../touches/plan.ts'
import { pickAudience } from './audience.ts'
import { cutChunks } from './cut-chunks.ts'
import { MaterialNotSendable, NobodyPicked } from './errors.ts'
import { chunkHash, type FrozenChunk, type FrozenContent, type FrozenVariant, runHash } from './frozen.ts'
import type { Variant } from './schema.ts'
import { chooseSenders } from './senders.ts'
import { readSetting } from './setting.ts'
import { namesCustomers, readWords } from './words.ts'

/** Kinds a mass message takes along. */
const SENDABLE = new Set(['image', 'video', 'file', 'pdf', 'link', 'article', 'product', 'mini_program'])

/** The variants with their materials as they are now. */
export async function freezeVariants(
  tx: Tx,
  corpId: string,
  variants: readonly Variant[],
  now: Date,
): Promise<FrozenVariant[]> {
  requireKnownSlots(...variants.map(({ text }) => text))
  const materials = await readMaterials(
    tx,
    corpId,
    variants.flatMap(({ materialIds }) => materialIds),
    now,
  )
  return variants.map(({ weight, text, materialIds }) => ({
    weight,
    text,
    attachments: materialIds.map((materialId) => {
      const held = materials.get(materialId)
      if (held?.state !== 'live' || !SENDABLE.has(held.kind))
        throw new MaterialNotSendable({ title: held?.title ?? materialId })
      const { state: _, ...frozen } = held
      return frozen
    }),
  }))
}

interface PlanningRun {
  broadcastId: string
  at: Date
  content: FrozenContent
}

/**
 * Freezes a run: who gets it, from whom, in which words. One transaction, so that a killed one has planned nothing; what
 * cannot be planned is told on the run.
 */
export async function planRun(context: WorkContext, corpId: string, runId: string): Promise<void> {
  const now = context.clock.now()
  try {
    await inCorp(context.db, corpId, (tx) => planWithin(tx, corpId, runId, now))
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await inCorp(context.db, corpId, (tx) =>
      sql`
        with failed as (update broadcast_run set state = 'failed', cause = ${error.message.slice(0, 500)}, ended_at = ${now}::timestamptz
          where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and state = 'planning' returning broadcast_id)
        update broadcast b set state = 'draft' from failed where b.corp_id = ${corpId}::bigint and b.broadcast_id = failed.broadcast_id and b.schedule ->> 'kind' <> 'every'`.execute(
        tx,
      ),
    )
  }
}

/** The same within a transaction of the caller's. */
export async function planWithin(tx: Tx, corpId: string, runId: string, now: Date): Promise<void> {
  const { rows } = await sql<PlanningRun>`
    select broadcast_id, at, content from broadcast_run where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and state = 'planning' for update`.execute(
    tx,
  )
  const run = rows[0]
  if (!run) return // stopped meanwhile, or done by another
  const { content } = run
  const scope = content.scope ?? undefined
  const at = await nextOpen(tx, corpId, run.at < now ? now : run.at)
  const picked = await pickAudience(tx, corpId, content.audience, scope, now)
  const assigned = await chooseSenders(tx, corpId, picked.contactIds, content.senders, scope, shanghaiDay(at))
  if (assigned.contactIds.length === 0) throw new NobodyPicked()
  const { touchId, contactIds } = await planTouch(
    tx,
    corpId,
    {
      ...{ channel: 'mass', topic: content.topic, sourceKind: 'broadcast', sourceId: sourceOf(run.broadcastId, runId) },
      ...{ title: content.name, at, priority: content.priority, holdout: content.holdout },
    },
    assigned,
    now,
  )
  if (contactIds.length === 0) throw new NobodyPicked()
  const staffOf = new Map(assigned.contactIds.map((contactId, i) => [contactId, assigned.staffIds[i]!]))
  const named = content.variants.some(({ text }) => namesCustomers(text))
  const words = await readWords(tx, corpId, [...new Set(assigned.staffIds)], named ? contactIds : [])
  const chunks = cutChunks(run.broadcastId, content.variants, contactIds, staffOf, words)
  const hashes = chunks.map((chunk) => chunkHash(chunk, content.variants[chunk.variant]!))
  await writeChunks(tx, corpId, runId, chunks, hashes)
  const { approvalAbove } = await readSetting(tx, corpId)
  const needsWord = contactIds.length > approvalAbove
  const people = { people: contactIds.length, picked: picked.contactIds.length }
  await sql`
    update broadcast_run set state = ${needsWord ? 'waiting' : 'ready'}, needs_word = ${needsWord}, at = ${at}::timestamptz, touch_id = ${touchId}::bigint, hash = ${runHash(content, hashes)},
      people = ${people.people}, picked = ${people.picked}, unsendable = ${people.picked - assigned.contactIds.length}
    where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint`.execute(tx)
  await sql`select pg_notify('siyu_broadcast', ${corpId})`.execute(tx)
}

/** What the touches know a run by. */
export const sourceOf = (broadcastId: string, runId: string): string => `${broadcastId}/${runId}`

async function writeChunks(
  tx: Tx,
  corpId: string,
  runId: string,
  chunks: readonly FrozenChunk[],
  hashes: readonly Buffer[],
): Promise<void> {
  await sql`
    insert into broadcast_chunk (corp_id, run_id, number, staff_id, variant, text, contact_ids, hash, state)
    select ${corpId}::bigint, ${runId}::bigint, r.number, r.staff_id, r.variant, r.text, r.ids::bigint[], r.hash, 'planned'
    from unnest(${chunks.map(({ number }) => number)}::int[], ${chunks.map(({ staffId }) => staffId)}::bigint[], ${chunks.map(({ variant }) => variant)}::smallint[],
      ${chunks.map(({ text }) => text)}::text[], ${chunks.map(({ contactIds }) => idArray(contactIds))}::text[], ${[...hashes]}::bytea[]) as r(number, staff_id, variant, text, ids, hash)`.execute(
    tx,
  )
}

export const planRunJob = defineJob<WorkContext, { corpId: string; runId: string }>({
  name: 'broadcasts.plan',
  payload: z.object({ corpId: Id, runId: Id }),
  run: (context, { corpId, runId }) => planRun(context, corpId, runId),
})

/** Asks for one occurrence of a broadcast; one that is there already is left alone. */
export async function askForRun(
  tx: Tx,
  corpId: string,
  run: PlanningRun & { occurrence: string; accountId: string; actor: string },
  now: Date,
): Promise<string | undefined> {
  const { rows } = await sql<{ runId: string }>`
    insert into broadcast_run (corp_id, broadcast_id, occurrence, at, content, state, asked_by, asked_name, asked_at)
    values (${corpId}::bigint, ${run.broadcastId}::bigint, ${run.occurrence}, ${run.at}::timestamptz, ${JSON.stringify(run.content)}::jsonb, 'planning', ${run.accountId}::bigint, ${run.actor}, ${now}::timestamptz)
    on conflict (corp_id, broadcast_id, occurrence) do nothing returning run_id`.execute(tx)
  const runId = rows[0]?.runId
  if (runId) await enqueue(tx, planRunJob, { corpId, runId })
  return runId
}
