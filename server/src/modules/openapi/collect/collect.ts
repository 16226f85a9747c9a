import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import { identifyKept, strongestOf } from '../../contacts/identify.ts'
import { readCatalogue } from '../../events/catalogue.ts'
import { type AppendedEvent, appendEvents, type NewEvent, notifyLive } from '../../events/journal.ts'
import type { OwnKind } from '../../events/schema.ts'
import { ServerKeyNeeded } from '../errors.ts'
import type { ApiKey } from '../keys.ts'
import { readPersonToken } from '../person-token.ts'
import { readBatch, type Told } from './read-batch.ts'
import type { CollectBody, Collected } from './schema.ts'

/** A token proves who is there, not what he paid: that a page could make up for itself (PB-07). */
const SAID_BY_SERVERS: ReadonlySet<string> = new Set(['product.bought'])

/**
 * Takes a batch: all of it that is right, in one transaction, durable before it is answered. A message told before is
 * counted and changes nothing; what is refused is named by its place, and may be sent again once mended.
 */
export async function collect(
  db: Db,
  vault: Vault,
  key: ApiKey,
  body: CollectBody,
  arrivedAt: Date,
): Promise<Collected> {
  const { corpId } = key
  if (body.history && key.kind !== 'server') throw new ServerKeyNeeded()
  const tokenId = body.personToken && readPersonToken(vault, corpId, body.personToken, arrivedAt)
  const { appended, ...collected } = await inCorp(db, corpId, async (tx) => {
    const self = tokenId ? await strongestOf(tx, corpId, tokenId) : undefined
    const catalogue = new Map((await readCatalogue(tx, corpId)).map((kind) => [kind.kind, kind]))
    const { told, refused } = readBatch(body, { kind: key.kind, self, vault }, catalogue, arrivedAt)
    const fresh = await claimMessages(tx, key, told, body.history ? null : arrivedAt)
    const groups = fresh.map(({ group }) => group)
    const contactIds = await identifyKept(tx, corpId, groups, arrivedAt)
    const source = key.kind === 'web' ? 'tracker' : body.history ? 'import' : 'api'
    const isTrusted = (kind: string) => key.kind === 'server' || (self !== undefined && !SAID_BY_SERVERS.has(kind))
    const events = fresh.flatMap(({ event, at, messageId }, i): NewEvent[] =>
      event
        ? [
            {
              contactId: contactIds[i]!,
              at,
              kind: event.kind as OwnKind,
              source,
              trusted: isTrusted(event.kind),
              props: event.props,
              key: `collect ${scopeOf(key)}${messageId}`,
            },
          ]
        : [],
    )
    const news = await appendEvents(tx, corpId, events, arrivedAt, { live: false })
    return { accepted: fresh.length, duplicates: told.length - fresh.length, refused, appended: news }
  })
  await tellPages(db, corpId, appended)
  return collected
}

/**
 * Those nobody has told before, each once, in their order; another that tells the same waits here for our commit. Without
 * an instant they are remembered for ever.
 */
async function claimMessages(tx: Tx, key: ApiKey, told: readonly Told[], arrivedAt: Date | null): Promise<Told[]> {
  const { corpId } = key
  const byId = new Map<string, Told>()
  for (const one of told) {
    const id = idOf(scopeOf(key) + one.messageId)
    if (!byId.has(id)) byId.set(id, one)
  }
  if (byId.size === 0) return []
  const { rows } = await sql<{ messageId: string }>`
    insert into collected_message (corp_id, message_id, arrived_at)
    select ${corpId}::bigint, id, ${arrivedAt}::timestamptz from unnest(${[...byId.keys()].sort()}::uuid[]) as m(id)
    on conflict (corp_id, message_id) do nothing returning message_id`.execute(tx)
  const fresh = new Set(rows.map((row) => row.messageId))
  return [...byId].flatMap(([id, one]) => (fresh.has(id) ? [one] : []))
}

/** Pages have ids of their own: what one makes up keeps nothing back that a server is going to say. */
const scopeOf = ({ kind }: ApiKey) => (kind === 'web' ? 'web ' : '')

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
