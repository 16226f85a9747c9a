import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Scope } from '../corps/context.ts'
import { readValues } from './field-values.ts'
import { rootsOf } from './merge-contacts.ts'
import { keepVisible } from './pick-contacts.ts'
import { readIdentities, shownOf } from './read-identities.ts'
import type { ContactProfile } from './schema.ts'
import { findContacts } from './service.ts'

type Follow = ContactProfile['follows'][number]

/**
 * Refuses, in the words of a missing one, a contact of another corp or outside the actor's scope. Returns whom he is shown
 * as: an id that was merged leads to the person it is part of now.
 */
export async function requireContact(tx: Tx, corpId: string, contactId: string, scope: Scope): Promise<string> {
  const rootId = (await rootsOf(tx, corpId, [contactId])).get(contactId)
  const [seen] = rootId ? await keepVisible(tx, corpId, [rootId], scope) : []
  if (!seen) throw new NotFound({ what: '客户' })
  return seen
}

/** Everything known of one customer but his timeline. Phone numbers are masked; who sees part of the corp sees its notes only. */
export async function readProfile(tx: Tx, corpId: string, askedId: string, scope: Scope): Promise<ContactProfile> {
  const contactId = await requireContact(tx, corpId, askedId, scope)
  const contact = await tx
    .selectFrom('contact')
    .selectAll()
    .where('corpId', '=', corpId)
    .where('contactId', '=', contactId)
    .executeTakeFirstOrThrow()
  const identities = (await readIdentities(tx, corpId, [contactId])).get(contactId) ?? []
  const { rows: follows } = await sql<Omit<Follow, 'addedAt' | 'lostAt'> & { addedAt: Date; lostAt: Date | null }>`
    select f.staff_id, s.name as staff_name, s.left_at is not null as staff_left, f.remark, f.description, coalesce(f.mobiles_masked, '{}') as mobiles, f.add_way, f.state, f.added_at, f.lost_at, f.lost_by,
      case when c.channel_code_id is not null then jsonb_build_object('channelCodeId', c.channel_code_id::text, 'name', c.name) end as channel_code, coalesce(t.tags, '[]') as tags
    from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
    left join channel_code c on c.corp_id = ${corpId}::bigint and c.state = f.state
    left join lateral (
      select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name, 'groupName', g.name, 'source', ft.source, 'reason', ft.reason, 'inWecom', ft.pushed_at is not null,
        'addedAt', to_char(ft.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by ft.added_at) as tags
      from follow_tag ft join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = ft.tag_id and t.deleted_at is null join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
      where ft.corp_id = ${corpId}::bigint and ft.contact_id = f.contact_id and ft.staff_id = f.staff_id
    ) t on true
    where f.corp_id = ${corpId}::bigint and f.contact_id = ${contactId}::bigint and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[]))
    order by f.lost_at is not null, f.added_at desc`.execute(tx)
  return {
    contactId,
    externalUserid: identities.find((i) => i.kind === 'external_userid')?.value ?? null,
    identities: identities.map(shownOf),
    name: contact.name,
    avatar: contact.avatar,
    gender: contact.gender,
    kind: contact.kind,
    corpName: contact.corpName,
    position: contact.position,
    firstAddedAt: contact.firstAddedAt?.toISOString() ?? null,
    lastAddedAt: contact.lastAddedAt?.toISOString() ?? null,
    lostAt: contact.lostAt?.toISOString() ?? null,
    fields: await readValues(tx, corpId, contactId),
    follows: follows.map((f) => ({ ...f, addedAt: f.addedAt.toISOString(), lostAt: f.lostAt?.toISOString() ?? null })),
  }
}

/** Our id of a WeCom external_userid, for links from outside. */
export async function findByExternalUserid(
  tx: Tx,
  corpId: string,
  externalUserid: string,
  scope: Scope,
): Promise<string> {
  const contactId = (await findContacts(tx, corpId, 'external_userid', [externalUserid])).get(externalUserid)
  if (!contactId) throw new NotFound({ what: '客户' })
  return requireContact(tx, corpId, contactId, scope)
}
