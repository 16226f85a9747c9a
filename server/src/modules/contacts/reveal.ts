import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Vault } from '../../platform/secrets.ts'
import { dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { followPlace } from './apply-contacts.ts'
import { RevealsReached } from './errors.ts'
import { requireContact } from './read-profile.ts'
import { Mobiles, RevealMobiles } from './schema.ts'

/** Whole numbers one person looks at in a day: far more than anybody calls, far fewer than a list to walk off with. */
const REVEALS_A_DAY = 100

/** Whole phone numbers, for a purpose that is written down. */
export function registerReveal(app: App, { db, work }: RouteDeps): void {
  app.post('/api/contacts/:contactId/mobiles', {
    config: { access: 'contacts.reveal' },
    schema: {
      operationId: 'revealMobiles',
      params: z.object({ contactId: Id }),
      body: RevealMobiles,
      response: { 200: Mobiles, '4xx': Problem },
    },
    handler: ({ actor, params, body }) =>
      inCorp(db, actor.corpId, (tx) => revealMobiles(tx, work.vault, actor, params.contactId, body, work.clock.now())),
  })
}

async function revealMobiles(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  askedId: string,
  why: z.infer<typeof RevealMobiles>,
  now: Date,
): Promise<z.infer<typeof Mobiles>> {
  const { corpId, scope } = actor
  const contactId = await requireContact(tx, corpId, askedId, scope)
  // Written first: writers of the log take turns, so the count that follows is exact and the refused leave no line.
  await recordAudit(tx, actor, { action: 'contact.reveal', kind: 'contact', id: contactId, detail: why, at: now })
  await refuseTooMany(tx, actor, now)
  const { rows } = await sql<{ staffId: string; sealed: Buffer }>`
    select f.staff_id, f.mobiles_sealed as sealed from follow f
    where f.corp_id = ${corpId}::bigint and f.contact_id = ${contactId}::bigint and f.mobiles_sealed is not null
      and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[])) order by f.staff_id`.execute(
    tx,
  )
  const open = (staffId: string, sealed: Buffer): string[] =>
    JSON.parse(vault.open(sealed, followPlace(corpId, { contactId, staffId })).toString())
  return { mobiles: rows.map(({ staffId, sealed }) => ({ staffId, mobiles: open(staffId, sealed) })) }
}

async function refuseTooMany(tx: Tx, { corpId, accountId }: Actor, now: Date): Promise<void> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from audit_log where corp_id = ${corpId}::bigint and account_id = ${accountId}::bigint
      and action = 'contact.reveal' and at >= ${dayStart(shanghaiDay(now))}::timestamptz`.execute(tx)
  if (rows[0]!.n > REVEALS_A_DAY) throw new RevealsReached({ most: REVEALS_A_DAY })
}
