import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import type { Receiver } from './context.ts'
import { CorpAlreadyConnected } from './errors.ts'
import type { CallbackSettings, CorpSummary } from './schema.ts'

export type CredentialKind = 'app_secret' | 'contact_sync_secret' | 'callback_token' | 'callback_aes_key'
export type Credentials = Partial<Record<CredentialKind, string>>

export interface NewCorp {
  name: string
  wecomCorpid: string
  agentId: number
  simulated: boolean
  credentials: Credentials
  now: Date
  setBy: string
}

/** Makes a corp with its credentials sealed and a callback address nobody can guess. Refuses a corp id already here. */
export async function createCorp(db: Db, vault: Vault, corp: NewCorp): Promise<string> {
  const callbackKey = randomBytes(24).toString('base64url')
  const row = await db
    .insertInto('corp')
    .values({
      name: corp.name,
      wecomCorpid: corp.wecomCorpid,
      agentId: corp.agentId,
      simulated: corp.simulated,
      callbackKey,
      createdAt: corp.now,
    })
    .onConflict((c) => c.column('wecomCorpid').doNothing())
    .returning('corpId')
    .executeTakeFirst()
  if (!row) throw new CorpAlreadyConnected({ name: corp.name })
  await inCorp(db, row.corpId, (tx) =>
    saveCredentials(tx, vault, row.corpId, { ...newReceiverKeys(), ...corp.credentials }, corp),
  )
  return row.corpId
}

/** The alphabet WeCom accepts for Token and EncodingAESKey is letters and digits; a key is 43 of them (256 bits). */
function newReceiverKeys(): Credentials {
  const alphanumeric = (length: number) =>
    randomBytes(length * 2)
      .toString('base64')
      .replaceAll(/[^0-9A-Za-z]/g, '')
      .slice(0, length)
  return { callback_token: alphanumeric(32), callback_aes_key: `${alphanumeric(42)}A` }
}

const place = (corpId: string, kind: string) => `corp_credential.${corpId}.${kind}`

/** Of a secret of at least 20 characters, this much tells a person which one it is, and nobody what it is. */
const ENDING_SHOWN = 4

/** Replaces the given credentials. They are write-only: no use case hands them out again but to WeCom. */
export async function saveCredentials(
  tx: Tx,
  vault: Vault,
  corpId: string,
  credentials: Credentials,
  { now, setBy }: { now: Date; setBy: string },
): Promise<void> {
  const rows = Object.entries(credentials)
    .filter(([, value]) => value)
    .map(([kind, value]) => ({
      corpId,
      kind,
      sealed: vault.seal(value, place(corpId, kind)),
      ending: value.slice(-ENDING_SHOWN),
      setBy,
      updatedAt: now,
    }))
  if (rows.length === 0) return
  await tx
    .insertInto('corpCredential')
    .values(rows)
    .onConflict((c) =>
      c.columns(['corpId', 'kind']).doUpdateSet((eb) => ({
        sealed: eb.ref('excluded.sealed'),
        ending: eb.ref('excluded.ending'),
        setBy: eb.ref('excluded.setBy'),
        updatedAt: eb.ref('excluded.updatedAt'),
      })),
    )
    .execute()
  await notifyCorp(tx, corpId)
}

/** Tells every process to forget what it keeps of the corp's clients and keys, once this is committed. */
export async function notifyCorp(tx: Tx, corpId: string): Promise<void> {
  await sql`select pg_notify('siyu_corps', ${corpId})`.execute(tx)
}

export async function readCredentials(db: Db, vault: Vault, corpId: string): Promise<Credentials> {
  const rows = await inCorp(db, corpId, (tx) =>
    tx.selectFrom('corpCredential').select(['kind', 'sealed']).where('corpId', '=', corpId).execute(),
  )
  return Object.fromEntries(
    rows.map((row) => [row.kind, vault.open(row.sealed, place(corpId, row.kind)).toString('utf8')]),
  )
}

export function listCorps(db: Db): Promise<CorpSummary[]> {
  return db.selectFrom('corp').select(['corpId', 'name', 'wecomCorpid', 'simulated']).orderBy('corpId').execute()
}

/** What to paste into WeCom's console so that it calls us. */
export async function readCallbackSettings(
  db: Db,
  vault: Vault,
  publicUrl: string,
  corpId: string,
): Promise<CallbackSettings> {
  const [corp, credentials] = await Promise.all([
    db.selectFrom('corp').select('callbackKey').where('corpId', '=', corpId).executeTakeFirstOrThrow(),
    readCredentials(db, vault, corpId),
  ])
  return {
    url: `${publicUrl}/wecom/callback/${corp.callbackKey}`,
    token: credentials.callback_token ?? '',
    encodingAesKey: credentials.callback_aes_key ?? '',
  }
}

const RECEIVER_KEPT_MS = 30_000
/** Guesses are remembered as misses too, but never so many that they fill the memory. */
const RECEIVERS_KEPT_MAX = 10_000

/** Finds a corp by the secret part of its callback address, from memory on the hot path. `forget` when keys change. */
export function createReceiverFinder(db: Db, vault: Vault) {
  const kept = new Map<string, { receiver: Promise<Receiver | undefined>; until: number }>()
  const load = async (key: string): Promise<Receiver | undefined> => {
    const corp = await db
      .selectFrom('corp')
      .select(['corpId', 'wecomCorpid'])
      .where('callbackKey', '=', key)
      .executeTakeFirst()
    if (!corp) return undefined
    const { callback_token: token, callback_aes_key: encodingAesKey } = await readCredentials(db, vault, corp.corpId)
    return token && encodingAesKey ? { ...corp, token, encodingAesKey } : undefined
  }
  return {
    find(key: string): Promise<Receiver | undefined> {
      const now = performance.now()
      const known = kept.get(key)
      if (known && known.until > now) return known.receiver
      if (kept.size > RECEIVERS_KEPT_MAX) kept.clear()
      const receiver = load(key)
      kept.set(key, { receiver, until: now + RECEIVER_KEPT_MS })
      receiver.catch(() => kept.delete(key))
      return receiver
    },
    forget: () => kept.clear(),
  }
}
