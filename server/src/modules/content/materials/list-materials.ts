import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { readFiles } from '../files/store.ts'
import { holdsWords } from '../search.ts'
import type { MaterialQuery, MaterialRow, MaterialScope, MaterialView, Said, Version } from './schema.ts'
import { isSeen, isUsable, stateAt, type Viewer } from './visible.ts'

interface Row extends Omit<MaterialRow, 'scope' | 'validFrom' | 'validUntil' | 'usedAt' | 'updatedAt'> {
  scopeDepartments: string[] | null
  scopeStaffId: string | null
  validFrom: Date | null
  validUntil: Date | null
  usedAt: Date | null
  updatedAt: Date
}

const columns = (corpId: string, now: Date) => sql`
  m.material_id, m.kind, m.title, m.summary, m.cover_id, coalesce(m.cover_id, case when m.kind = 'image' then (m.content->>'fileId')::bigint end) as picture_id,
  ${stateAt(now)} as state, ov.state as open, coalesce(m.live_version, m.newest_version) as version,
  m.material_folder_id as folder_id, f.name as folder_name, m.labels, m.valid_from, m.valid_until, m.scope_departments::text[] as scope_departments, m.scope_staff_id,
  case when m.scope_staff_id is not null then array(select s.name from staff s where s.corp_id = ${corpId}::bigint and s.staff_id = m.scope_staff_id)
    else array(select d.name from department d where d.corp_id = ${corpId}::bigint and d.department_id = any(m.scope_departments) order by d.department_id) end as scope_names,
  m.uses, m.used_at, m.created_by, m.updated_at`
const from = (corpId: string) => sql`
  material m left join material_version ov on ov.corp_id = ${corpId}::bigint and ov.material_id = m.material_id and ov.version = m.open_version
  left join material_folder f on f.corp_id = ${corpId}::bigint and f.material_folder_id = m.material_folder_id`

const toRow = ({ scopeDepartments, scopeStaffId, ...row }: Row): MaterialRow => ({
  ...row,
  scope: scopeOf(scopeDepartments, scopeStaffId),
  validFrom: row.validFrom?.toISOString() ?? null,
  validUntil: row.validUntil?.toISOString() ?? null,
  usedAt: row.usedAt?.toISOString() ?? null,
  updatedAt: row.updatedAt.toISOString(),
})

function scopeOf(departmentIds: string[] | null, staffId: string | null): MaterialScope {
  if (staffId) return { kind: 'person', staffId }
  return departmentIds ? { kind: 'departments', departmentIds } : { kind: 'corp' }
}

/** A page of the library: all of it for whoever writes it, what may be sent for everybody else. */
export async function listMaterials(
  tx: Tx,
  corpId: string,
  query: MaterialQuery,
  viewer: Viewer,
  now: Date,
): Promise<{ items: MaterialRow[]; nextCursor: string | null }> {
  const where = [
    sql`m.corp_id = ${corpId}::bigint`,
    isSeen(corpId, viewer),
    viewer.writes ? inState(query, now) : isUsable(now),
  ]
  if (query.folder === 'none') where.push(sql`m.material_folder_id is null`)
  else if (query.folder) where.push(sql`m.material_folder_id = ${query.folder}::bigint`)
  if (query.kinds && query.kinds.length > 0) where.push(sql`m.kind = any(${query.kinds}::text[])`)
  if (query.label) where.push(sql`${query.label} = any(m.labels)`)
  if (query.q) where.push(holdsWords('m', query.q))
  const key = query.order === 'used' ? sql`m.uses` : sql`m.updated_at`
  const after = parseCursor(query)
  if (after) where.push(sql`(${key}, m.material_id) < (${after.key}, ${after.id}::bigint)`)
  const { rows } = await sql<Row>`
    select ${columns(corpId, now)} from ${from(corpId)} where ${sql.join(where, sql` and `)}
    order by ${key} desc, m.material_id desc limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  const cursor = last && `${query.order === 'used' ? last.uses : last.updatedAt.toISOString()}_${last.materialId}`
  return { items: page.map(toRow), nextCursor: rows.length > query.limit && cursor ? cursor : null }
}

/** What there is to be named: the newest first, also what staff may not send any more. */
export async function listTitles(
  tx: Tx,
  corpId: string,
  viewer: Viewer,
  now: Date,
): Promise<{ materialId: string; title: string; state: MaterialRow['state'] }[]> {
  const { rows } = await sql<{ materialId: string; title: string; state: MaterialRow['state'] }>`
    select m.material_id, m.title, ${stateAt(now)} as state from ${from(corpId)}
    where m.corp_id = ${corpId}::bigint and ${isSeen(corpId, viewer)} order by m.updated_at desc, m.material_id desc limit ${TITLES_MAX}`.execute(
    tx,
  )
  return rows
}
const TITLES_MAX = 1_000

/** `open`: something newer waits for approval, whatever is live. */
function inState({ state }: MaterialQuery, now: Date): RawBuilder<unknown> {
  if (state === undefined) return sql`m.withdrawn_at is null and m.deleted_at is null`
  if (state === 'open')
    return sql`m.withdrawn_at is null and m.deleted_at is null and m.open_version is not null and ov.state = 'waiting'`
  return sql`${stateAt(now)} = ${state}`
}

const CURSOR = /^(\d{1,9}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([1-9]\d{0,17})$/

/** Undefined for anything we did not make: the list starts from the top. */
function parseCursor({ cursor, order }: MaterialQuery): { key: RawBuilder<unknown>; id: string } | undefined {
  const [, key, id] = CURSOR.exec(cursor ?? '') ?? []
  if (!key || !id || (order === 'used') === key.includes('T')) return undefined
  if (order === 'used') return { key: sql`${Number(key)}::int`, id }
  const at = new Date(key)
  return Number.isNaN(at.getTime()) ? undefined : { key: sql`${at}::timestamptz`, id }
}

/** One material with its versions, newest first; whoever does not write the library sees what is live. */
export async function readMaterial(
  tx: Tx,
  corpId: string,
  materialId: string,
  viewer: Viewer & { accountId: string; decides: boolean },
  now: Date,
): Promise<MaterialView> {
  const seen = viewer.writes ? sql`true` : isUsable(now)
  const { rows } = await sql<Row & { newestVersion: number }>`
    select ${columns(corpId, now)}, m.newest_version from ${from(corpId)}
    where m.corp_id = ${corpId}::bigint and m.material_id = ${materialId}::bigint and ${isSeen(corpId, viewer)} and ${seen}`.execute(
    tx,
  )
  const [row] = rows
  if (!row) throw new NotFound({ what: '素材' })
  const { newestVersion, ...material } = row
  const versions = await readVersions(tx, corpId, materialId, viewer, material.kind)
  const files = await readFiles(tx, corpId, [...new Set(versions.flatMap(({ fileIds }) => fileIds))])
  return {
    ...toRow(material),
    newestVersion,
    versions: versions.map(({ fileIds: _, ...version }) => version),
    files: [...files.values()].map(({ mediaAssetId, kind, fileName, mime, sizeBytes, width, height }) => ({
      fileId: mediaAssetId,
      kind,
      fileName,
      mime,
      sizeBytes,
      width,
      height,
    })),
  }
}

const VERSIONS_SHOWN = 50

interface VersionRow extends Omit<Version, 'said' | 'madeAt' | 'sentAt' | 'decidedAt' | 'mayDecide'> {
  title: string
  summary: string
  content: Said['content']
  coverId: string | null
  accountId: string
  sentBy: string | null
  madeAt: Date
  sentAt: Date | null
  decidedAt: Date | null
  fileIds: string[]
}

async function readVersions(
  tx: Tx,
  corpId: string,
  materialId: string,
  viewer: Viewer & { accountId: string; decides: boolean },
  kind: Said['kind'],
): Promise<(Version & { fileIds: string[] })[]> {
  const { rows } = await sql<VersionRow>`
    select v.version, v.state, v.title, v.summary, v.content, v.cover_id, v.account_id, v.author, v.made_at, v.sent_by, v.sent_at, v.decided_by, v.decided_at, v.reason, v.file_ids::text[] as file_ids
    from material_version v where v.corp_id = ${corpId}::bigint and v.material_id = ${materialId}::bigint and (${viewer.writes} or v.state = 'live')
    order by v.version desc limit ${VERSIONS_SHOWN}`.execute(tx)
  return rows.map(({ title, summary, content, coverId, accountId, sentBy, ...row }) => ({
    ...row,
    said: { kind, title, summary, content, coverId } as Said,
    madeAt: row.madeAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    mayDecide: viewer.decides && row.state === 'waiting' && ![accountId, sentBy].includes(viewer.accountId),
  }))
}
