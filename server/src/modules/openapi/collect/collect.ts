import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import { type SharedRuns, shareRuns } from '../../../platform/share-runs.ts'
import type { KeptIdentifier } from '../../contacts/identifiers.ts'
import { identifyKept, strongestOf } from '../../contacts/identify.ts'
import { readCatalogue } from '../../events/catalogue.ts'
import { type AppendedEvent, appendEvents, type NewEvent, notifyLive } from '../../events/journal.ts'
import type { OwnKind } from '../../events/schema.ts'
import type { ApiKey } from '../keys.ts'
import { readPersonToken } from '../person-token.ts'
import { readBatch, type Told } from './read-batch.ts'
import type { CollectBody, Collected } from './schema.ts'

/** A request's batch and whose key it came with. */
export interface Batch {
  key: ApiKey
  body: CollectBody
  arrivedAt: Date
}

/** Requests of one corp that share a transaction; items they carry at most, or one request that carries more. */
const ITEMS_MAX = 2_000
/** Two at once: while one commits the other is read and counted. */
const IN_FLIGHT_MAX = 2

/**
 * Takes batches: all of each that is right, durable before it is answered. What arrives while others are being committed
 * shares the next transaction of its corp.
 */
export function createCollector(db: Db, vault: Vault): (batch: Batch) => Promise<Collected> {
  const corps = new Map<string, SharedRuns<Batch, Collected>>()
  const corpRuns = (corpId: string) => {
    const runs =
      corps.get(corpId) ??
      shareRuns<Batch, Collected>((batches) => collectOrSplit(db, vault, corpId, batches), {
        weightMax: ITEMS_MAX,
        inFlightMax: IN_FLIGHT_MAX,
        weigh: ({ body }) => body.batch.length,
      })
    corps.set(corpId, runs)
    return runs
  }
  return (batch) => corpRuns(batch.key.corpId).add(batch)
}

/** Whoever's batch breaks us breaks nobody else's: it fails alone. */
async function collectOrSplit(db: Db, vault: Vault, corpId: string, batches: Batch[]): Promise<(Collected | Error)[]> {
  try {
    return await collect(db, vault, corpId, batches)
  } catch (error) {
    if (batches.length === 1) throw error
    const alone: (Collected | Error)[] = []
    for (const batch of batches)
      alone.push(
        ...(await collect(db, vault, corpId, [batch]).catch((reason: unknown) => [
          reason instanceof Error ? reason : new Error(String(reason)),
        ])),
      )
    return alone
  }
}

/**
 * Takes batches of one corp in one transaction. A message told before is counted and changes nothing; what is refused is
 * named by its place, and may be sent again once mended.
 */
export async function collect(db: Db, vault: Vault, corpId: string, batches: readonly Batch[]): Promise<Collected[]> {
  const now = batches[0]!.arrivedAt
  const { appended, collected } = await inCorp(db, corpId, async (tx) => {
    const selves = await readSelves(tx, vault, corpId, batches)
    const catalogue = new Map((await readCatalogue(tx, corpId)).map((kind) => [kind.kind, kind]))
    const read = batches.map(({ key, body, arrivedAt }, i) => {
      const sender = { kind: key.kind, self: selves[i], vault }
      const isTrusted = key.kind === 'server' || selves[i] !== undefined
      const { told, refused } = readBatch(body, sender, catalogue, arrivedAt)
      return { told: told.map((one) => ({ ...one, batch: i, isTrusted, isServer: key.kind === 'server' })), refused }
    })
    const fresh = await claimMessages(
      tx,
      corpId,
      read.flatMap(({ told }) => told),
      now,
    )
    const groups = fresh.map(({ group }) => group)
    const contactIds = await identifyKept(tx, corpId, groups, now)
    const news = await appendEvents(
      tx,
      corpId,
      fresh.flatMap((one, i) => asEvent(one, contactIds[i]!)),
      now,
      { live: false },
    )
    const accepted = batches.map((_, i) => fresh.filter(({ batch }) => batch === i).length)
    return {
      appended: news,
      collected: read.map(({ told, refused }, i) => ({
        accepted: accepted[i]!,
        duplicates: told.length - accepted[i]!,
        refused,
      })),
    }
  })
  await tellPages(db, corpId, appended)
  return collected
}

interface ToldBy extends Told {
  /** The place of its batch. */
  batch: number
  isTrusted: boolean
  isServer: boolean
}

const asEvent = ({ event, at, messageId, isTrusted, isServer }: ToldBy, contactId: string): NewEvent[] =>
  event
    ? [
        {
          contactId,
          at,
          kind: event.kind as OwnKind,
          source: isServer ? 'api' : 'tracker',
          trusted: isTrusted,
          props: event.props,
          key: `collect ${messageId}`,
        },
      ]
    : []

/** By batch: by what the person of its token is known, where it carries one that holds. */
async function readSelves(
  tx: Tx,
  vault: Vault,
  corpId: string,
  batches: readonly Batch[],
): Promise<(KeptIdentifier | undefined)[]> {
  const ids = batches.map(
    ({ body, arrivedAt }) => body.personToken && readPersonToken(vault, corpId, body.personToken, arrivedAt),
  )
  const named = ids.flatMap((id) => (id ? [id] : []))
  const known = named.length > 0 ? await strongestOf(tx, corpId, named) : new Map<string, KeptIdentifier>()
  return ids.map((id) => (id ? known.get(id) : undefined))
}

/** Those nobody has told before, each once, in their order; another that tells the same waits here for our commit. */
async function claimMessages<T extends Told>(tx: Tx, corpId: string, told: readonly T[], now: Date): Promise<T[]> {
  const byId = new Map<string, T>()
  for (const one of told) {
    const id = idOf(one.messageId)
    if (!byId.has(id)) byId.set(id, one)
  }
  if (byId.size === 0) return []
  const { rows } = await sql<{ messageId: string }>`
    insert into collected_message (corp_id, message_id, arrived_at)
    select ${corpId}::bigint, id, ${now}::timestamptz from unnest(${[...byId.keys()].sort()}::uuid[]) as m(id)
    on conflict (corp_id, message_id) do nothing returning message_id`.execute(tx)
  const fresh = new Set(rows.map((row) => row.messageId))
  return [...byId].flatMap(([id, one]) => (fresh.has(id) ? [one] : []))
}

function idOf(messageId: string): string {
  const hex = sha256(messageId).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** Pages that show one of a few people hear of it; a bulk load is nobody's news. */
const TOLD_MAX = 40
async function tellPages(db: Db, corpId: string, appended: readonly AppendedEvent[]): Promise<void> {
  if (appended.length > 0 && appended.length <= TOLD_MAX) await notifyLive(db, corpId, appended)
}

/** How long a message is remembered: longer than a page may bring it late. */
const REMEMBERED_DAYS = 8

/** Forgets messages no page could bring again. */
export async function forgetMessages(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - REMEMBERED_DAYS * 86_400_000)
  for (const { corpId } of await db.selectFrom('corp').select('corpId').execute()) {
    // a transaction a corp; a few hundred at most
    await inCorp(db, corpId, (tx) =>
      sql`delete from collected_message where corp_id = ${corpId}::bigint and arrived_at < ${before}::timestamptz`.execute(
        tx,
      ),
    )
  }
}
