import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Actor } from '../../corps/context.ts'
import { MaterialChanged, NothingToPublish, NotWaiting, OwnWork, WrongDates } from '../errors.ts'
import { refreshMediaJob } from '../files/refresh.ts'
import { filesOf, requireSaid, searchOf } from './said.ts'
import type { Decision, MaterialEdit, MaterialScope, NewMaterial, NewVersion, Said } from './schema.ts'
import { asksApproval } from './settings.ts'
import { requireDepartments, requireMember } from './visible.ts'

export type Author = Pick<Actor, 'accountId' | 'name'>
type Standing = 'draft' | 'waiting' | 'live'

/** Makes a material: a draft, or for staff to send, or waiting for somebody to approve it. */
export async function createMaterial(
  tx: Tx,
  corpId: string,
  given: NewMaterial,
  author: Author,
  now: Date,
): Promise<string> {
  const { said, publish, folderId, labels } = given
  await requireSaid(tx, corpId, said)
  await requireSettings(tx, corpId, given)
  const state = await standingOf(tx, corpId, publish)
  const isLive = state === 'live'
  const found = searchOf(said, labels)
  const { rows } = await sql<{ materialId: string }>`
    insert into material (corp_id, kind, title, summary, content, cover_id, file_ids, live_version, open_version, newest_version, material_folder_id, labels,
      valid_from, valid_until, scope_departments, scope_staff_id, title_folded, words, grams, created_by, created_at, updated_at)
    values (${corpId}::bigint, ${said.kind}, ${said.title}, ${said.summary}, ${JSON.stringify(said.content)}::jsonb, ${said.coverId}::bigint, ${filesOf(said)}::bigint[],
      ${isLive ? 1 : null}::int, ${isLive ? null : 1}::int, 1, ${folderId}::bigint, ${labels}::text[], ${given.validFrom}::timestamptz, ${given.validUntil}::timestamptz,
      ${departmentsOf(given.scope)}::bigint[], ${personOf(given.scope)}::bigint, ${found.titleFolded}, ${found.words}, ${found.grams}::int[],
      ${author.name}, ${now}::timestamptz, ${now}::timestamptz)
    returning material_id`.execute(tx)
  const { materialId } = rows[0]!
  await addVersion(tx, corpId, materialId, { version: 1, said, state, author, now })
  if (isLive) await enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
  return materialId
}

interface Standings {
  kind: string
  labels: string[]
  liveVersion: number | null
  openVersion: number | null
  newestVersion: number
}

/** The material, held against other writers until the commit. */
async function hold(tx: Tx, corpId: string, materialId: string): Promise<Standings> {
  const { rows } = await sql<Standings>`
    select kind, labels, live_version, open_version, newest_version from material
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and deleted_at is null for update`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '素材' })
  return rows[0]
}

/** Writes a new version over the newest. The live one stays with staff until the new one is live. Returns its number. */
export async function saveVersion(
  tx: Tx,
  corpId: string,
  materialId: string,
  { said, basedOn, publish }: NewVersion,
  author: Author,
  now: Date,
): Promise<number> {
  const held = await hold(tx, corpId, materialId)
  if (basedOn !== held.newestVersion || said.kind !== held.kind) throw new MaterialChanged()
  await requireSaid(tx, corpId, said)
  return putVersion(tx, corpId, materialId, held, said, await standingOf(tx, corpId, publish), author, now)
}

/** Makes what an old version says the newest: live, or waiting where the corp asks for approval. */
export async function takeBack(
  tx: Tx,
  corpId: string,
  materialId: string,
  version: number,
  author: Author,
  now: Date,
): Promise<number> {
  const held = await hold(tx, corpId, materialId)
  const said = await readSaid(tx, corpId, materialId, version)
  await requireSaid(tx, corpId, said)
  return putVersion(tx, corpId, materialId, held, said, await standingOf(tx, corpId, true), author, now)
}

async function putVersion(
  tx: Tx,
  corpId: string,
  materialId: string,
  held: Standings,
  said: Said,
  state: Standing,
  author: Author,
  now: Date,
): Promise<number> {
  const version = held.newestVersion + 1
  if (held.openVersion !== null) await mark(tx, corpId, materialId, held.openVersion, 'replaced')
  await addVersion(tx, corpId, materialId, { version, said, state, author, now })
  await sql`update material set newest_version = ${version}, open_version = ${state === 'live' ? null : version}::int, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(tx)
  if (state === 'live') await goLive(tx, corpId, materialId, held, version, said)
  else if (held.liveVersion === null) await show(tx, corpId, materialId, said, held.labels)
  return version
}

async function addVersion(
  tx: Tx,
  corpId: string,
  materialId: string,
  { version, said, state, author, now }: { version: number; said: Said; state: Standing; author: Author; now: Date },
): Promise<void> {
  const isSent = state !== 'draft'
  await sql`
    insert into material_version (corp_id, material_id, version, title, summary, content, cover_id, file_ids, state, account_id, author, made_at, sent_by, sent_at, decided_by, decided_at)
    values (${corpId}::bigint, ${materialId}::bigint, ${version}, ${said.title}, ${said.summary}, ${JSON.stringify(said.content)}::jsonb, ${said.coverId}::bigint, ${filesOf(said)}::bigint[],
      ${state}, ${author.accountId}::bigint, ${author.name}, ${now}::timestamptz, ${isSent ? author.accountId : null}::bigint, ${isSent ? now : null}::timestamptz,
      ${state === 'live' ? author.name : null}, ${state === 'live' ? now : null}::timestamptz)`.execute(tx)
}

const mark = (tx: Tx, corpId: string, materialId: string, version: number, state: string) =>
  sql`update material_version set state = ${state} where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and version = ${version}`.execute(
    tx,
  )

/** The version staff send from now on. */
async function goLive(
  tx: Tx,
  corpId: string,
  materialId: string,
  { liveVersion, labels }: Standings,
  version: number,
  said: Said,
): Promise<void> {
  if (liveVersion !== null) await mark(tx, corpId, materialId, liveVersion, 'replaced')
  await sql`update material set live_version = ${version}, open_version = null where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(
    tx,
  )
  await show(tx, corpId, materialId, said, labels)
  await enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
}

/** What lists show and search finds. */
async function show(tx: Tx, corpId: string, materialId: string, said: Said, labels: readonly string[]): Promise<void> {
  const { titleFolded, words, grams } = searchOf(said, labels)
  await sql`
    update material set title = ${said.title}, summary = ${said.summary}, content = ${JSON.stringify(said.content)}::jsonb, cover_id = ${said.coverId}::bigint, file_ids = ${filesOf(said)}::bigint[],
      title_folded = ${titleFolded}, words = ${words}, grams = ${grams}::int[]
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(tx)
}

async function readSaid(tx: Tx, corpId: string, materialId: string, version: number): Promise<Said> {
  const { rows } = await sql<Said>`
    select m.kind, v.title, v.summary, v.content, v.cover_id from material_version v
    join material m on m.corp_id = ${corpId}::bigint and m.material_id = v.material_id
    where v.corp_id = ${corpId}::bigint and v.material_id = ${materialId}::bigint and v.version = ${version}`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '版本' })
  return rows[0]
}

const standingOf = async (tx: Tx, corpId: string, publish: boolean): Promise<Standing> =>
  !publish ? 'draft' : (await asksApproval(tx, corpId)) ? 'waiting' : 'live'

/** A draft, or what was refused, to staff or to whoever approves. */
export async function publishMaterial(
  tx: Tx,
  corpId: string,
  materialId: string,
  author: Author,
  now: Date,
): Promise<void> {
  const held = await hold(tx, corpId, materialId)
  const state = await standingOf(tx, corpId, true)
  const version = held.openVersion
  if (version === null) throw new NothingToPublish()
  const { rows } = await sql`
    update material_version set state = ${state}, sent_by = ${author.accountId}::bigint, sent_at = ${now}::timestamptz, reason = '',
      decided_by = ${state === 'live' ? author.name : null}, decided_at = ${state === 'live' ? now : null}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and version = ${version} and state <> ${state} returning version`.execute(
    tx,
  )
  if (rows.length === 0) throw new NothingToPublish()
  if (state === 'live')
    await goLive(tx, corpId, materialId, held, version, await readSaid(tx, corpId, materialId, version))
  await touch(tx, corpId, materialId, now)
}

/** Approves or refuses what waits. Nobody decides on what he wrote or sent himself. */
export async function decideVersion(
  tx: Tx,
  corpId: string,
  materialId: string,
  { version, approve, reason }: Decision,
  judge: Author,
  now: Date,
): Promise<void> {
  const held = await hold(tx, corpId, materialId)
  const { rows } = await sql<{ accountId: string; sentBy: string | null }>`
    select account_id, sent_by from material_version
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and version = ${version} and state = 'waiting'`.execute(
    tx,
  )
  const [waiting] = rows
  if (!waiting || held.openVersion !== version) throw new NotWaiting()
  if ([waiting.accountId, waiting.sentBy].includes(judge.accountId)) throw new OwnWork()
  await sql`update material_version set state = ${approve ? 'live' : 'refused'}, decided_by = ${judge.name}, decided_at = ${now}::timestamptz, reason = ${approve ? '' : reason}
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and version = ${version}`.execute(tx)
  if (approve) await goLive(tx, corpId, materialId, held, version, await readSaid(tx, corpId, materialId, version))
  await touch(tx, corpId, materialId, now)
}

const touch = (tx: Tx, corpId: string, materialId: string, now: Date) =>
  sql`update material set updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(
    tx,
  )

/** Changes what is given: where it lies, its labels, its dates, whose it is. What it says stays. */
export async function editMaterial(
  tx: Tx,
  corpId: string,
  materialId: string,
  edit: MaterialEdit,
  now: Date,
): Promise<void> {
  const held = await hold(tx, corpId, materialId)
  await requireSettings(tx, corpId, edit)
  const { folderId, labels, validFrom, validUntil, scope } = edit
  const given = (value: unknown) => value !== undefined
  const { rows } = await sql<{ inOrder: boolean | null }>`
    update material set
      material_folder_id = case when ${given(folderId)} then ${folderId ?? null}::bigint else material_folder_id end,
      labels = case when ${given(labels)} then ${labels ?? []}::text[] else labels end,
      valid_from = case when ${given(validFrom)} then ${validFrom ?? null}::timestamptz else valid_from end,
      valid_until = case when ${given(validUntil)} then ${validUntil ?? null}::timestamptz else valid_until end,
      scope_departments = case when ${given(scope)} then ${scope ? departmentsOf(scope) : null}::bigint[] else scope_departments end,
      scope_staff_id = case when ${given(scope)} then ${scope ? personOf(scope) : null}::bigint else scope_staff_id end,
      updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint returning valid_from < valid_until as in_order`.execute(
    tx,
  )
  if (rows[0]?.inOrder === false) throw new WrongDates()
  if (!labels) return
  const shown = held.liveVersion ?? held.newestVersion
  await show(tx, corpId, materialId, await readSaid(tx, corpId, materialId, shown), labels)
}

/** Takes materials from staff; links already sent are theirs who send them to decide. Returns how many were there to take. */
export async function withdrawMaterials(
  tx: Tx,
  corpId: string,
  materialIds: readonly string[],
  now: Date,
): Promise<number> {
  await requireMaterials(tx, corpId, materialIds)
  const { rows } = await sql`
    update material set withdrawn_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = any(${[...materialIds]}::bigint[]) and withdrawn_at is null returning material_id`.execute(
    tx,
  )
  return rows.length
}

export async function restoreMaterial(tx: Tx, corpId: string, materialId: string, now: Date): Promise<void> {
  await hold(tx, corpId, materialId)
  await sql`update material set withdrawn_at = null, updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(
    tx,
  )
  await enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
}

export async function moveMaterials(
  tx: Tx,
  corpId: string,
  materialIds: readonly string[],
  folderId: string | null,
  now: Date,
): Promise<number> {
  await requireMaterials(tx, corpId, materialIds)
  await requireSettings(tx, corpId, { folderId })
  const { rows } = await sql`
    update material set material_folder_id = ${folderId}::bigint, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = any(${[...materialIds]}::bigint[]) and material_folder_id is distinct from ${folderId}::bigint returning material_id`.execute(
    tx,
  )
  return rows.length
}

export async function requireMaterials(tx: Tx, corpId: string, materialIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(materialIds)]
  const { rows } = await sql`
    select material_id from material where corp_id = ${corpId}::bigint and material_id = any(${wanted}::bigint[]) and deleted_at is null order by material_id for update`.execute(
    tx,
  )
  if (rows.length < wanted.length) throw new NotFound({ what: '素材' })
}

async function requireSettings(tx: Tx, corpId: string, { folderId, scope }: MaterialEdit): Promise<void> {
  if (folderId) {
    const { rows } = await sql`
      select material_folder_id from material_folder where corp_id = ${corpId}::bigint and material_folder_id = ${folderId}::bigint for share`.execute(
      tx,
    )
    if (rows.length === 0) throw new NotFound({ what: '文件夹' })
  }
  if (scope?.kind === 'departments') await requireDepartments(tx, corpId, scope.departmentIds)
  if (scope?.kind === 'person') await requireMember(tx, corpId, scope.staffId)
}

const departmentsOf = (scope: MaterialScope) => (scope.kind === 'departments' ? scope.departmentIds : null)
const personOf = (scope: MaterialScope) => (scope.kind === 'person' ? scope.staffId : null)
