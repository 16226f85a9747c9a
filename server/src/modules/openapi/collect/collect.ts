import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import type { KeptIdentifier } from '../../contacts/identifiers.ts'
import { identifyKept, strongestOf } from '../../contacts/identify.ts'
import { readCatalogue } from '../../events/catalogue.ts'
import { type AppendedEvent, appendEvents, type NewEvent, notifyLive } from '../../events/journal.ts'
import type { EventSource, OwnKind } from '../../events/schema.ts'
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

/** A token proves who is there, not what he paid: that a page could make up for itself (PB-07). */
const SAID_BY_SERVERS: ReadonlySet<string> = new Set(['product.bought'])

/**
 * Takes batches of one corp in one transaction. A message told before is counted and changes nothing; what is refused is
 * named by its place, and may be sent again once mended.
 */
export async function collect(db: Db, vault: Vault, corpId: string, batches: readonly Batch[]): Promise<Collected[]> {
  const now = batches[0]!.arrivedAt
  const { appended, collected } = await inCorp(db, corpId, async (tx) => {
    const selves = await readSelves(tx, vault, corpId, batches)
    const catalogue = new Map((await readCatalogue(tx, corpId)).map((kind) => [kind.kind, kind]))
    const read = batches.map((batch, i) => {
      const { told, refused } = readBatch(
        batch.body,
        { kind: batch.key.kind, self: selves[i], vault },
        catalogue,
        batch.arrivedAt,
      )
      return { told: told.map((one) => ({ ...one, ...wordOf(batch, selves[i], one), place: i })), refused }
    })
    const all = read.flatMap(({ told }) => told)
    const fresh = await claimMessages(tx, corpId, all)
    const groups = fresh.map(({ group }) => group)
    const contactIds = await identifyKept(tx, corpId, groups, now)
    const events = fresh.flatMap((one, i) => asEvent(one, contactIds[i]!))
    const accepted = Map.groupBy(fresh, ({ place }) => place)
    return {
      appended: await appendEvents(tx, corpId, events, now, { live: false }),
      collected: read.map(({ told, refused }, i) => {
        const taken = accepted.get(i)?.length ?? 0
        return { accepted: taken, duplicates: told.length - taken, refused }
      }),
    }
  })
  await tellPages(db, corpId, appended)
  return collected
}

/** What a message is worth: by whom it is told. */
interface Word {
  source: EventSource
  trusted: boolean
  /** By which a repeat is known. Pages have ids of their own: what one makes up keeps nothing back that a server will say. */
  id: string
  /** Until when on it is remembered; null: for ever. */
  arrivedAt: Date | null
}
type Claimed = Told & Word & { place: number }

function wordOf({ key, body, arrivedAt }: Batch, self: KeptIdentifier | undefined, { event, messageId }: Told): Word {
  const isWeb = key.kind === 'web'
  return {
    source: isWeb ? 'tracker' : body.history ? 'import' : 'api',
    trusted: !isWeb || (self !== undefined && !(event && SAID_BY_SERVERS.has(event.kind))),
    id: `${isWeb ? 'web ' : ''}${messageId}`,
    arrivedAt: body.history ? null : arrivedAt,
  }
}

const asEvent = ({ event, at, source, trusted, id }: Claimed, contactId: string): NewEvent[] =>
  event
    ? [{ contactId, at, kind: event.kind as OwnKind, source, trusted, props: event.props, key: `collect ${id}` }]
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
async function claimMessages(tx: Tx, corpId: string, told: readonly Claimed[]): Promise<Claimed[]> {
  const byId = new Map<string, Claimed>()
  for (const one of told) {
    const id = idOf(one.id)
    if (!byId.has(id)) byId.set(id, one)
  }
  if (byId.size === 0) return []
  const ids = [...byId.keys()].sort()
  const { rows } = await sql<{ messageId: string }>`
    insert into collected_message (corp_id, message_id, arrived_at)
    select ${corpId}::bigint, id, at from unnest(${ids}::uuid[], ${ids.map((id) => byId.get(id)!.arrivedAt)}::timestamptz[]) as m(id, at)
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
