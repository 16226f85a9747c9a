import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Cron } from '../../corps/context.ts'
import { eachCorp } from '../../corps/each-corp.ts'
import { MaterialInUse } from '../errors.ts'
import { refreshMediaJob } from '../files/refresh.ts'
import { requireMaterials } from './write.ts'

/** Days in which a deleted material may be taken back. */
export const RECOVER_DAYS = 30
const NAMED = 3

/**
 * Deletes materials nobody uses: withdrawn ones, and those never sent and in no script. One that is refused keeps all of
 * them. Links already out lead nowhere, what was counted stays until the thirty days are over.
 */
export async function deleteMaterials(
  tx: Tx,
  corpId: string,
  materialIds: readonly string[],
  by: string,
  now: Date,
): Promise<number> {
  await requireMaterials(tx, corpId, materialIds)
  const { rows: used } = await sql<{ title: string }>`
    select m.title from material m where m.corp_id = ${corpId}::bigint and m.material_id = any(${[...materialIds]}::bigint[]) and m.withdrawn_at is null
      and (m.uses > 0 or exists (select from radar_link l where l.corp_id = ${corpId}::bigint and l.material_id = m.material_id)
        or exists (select from script s where s.corp_id = ${corpId}::bigint and s.removed_at is null and s.parts @> jsonb_build_array(jsonb_build_object('materialId', m.material_id::text))))
    order by m.material_id`.execute(tx)
  if (used.length > 0)
    throw new MaterialInUse({ titles: used.slice(0, NAMED).map(({ title }) => title), number: used.length })
  const { rows } = await sql`
    update material set deleted_at = ${now}::timestamptz, deleted_by = ${by}, material_folder_id = null
    where corp_id = ${corpId}::bigint and material_id = any(${[...materialIds]}::bigint[]) and deleted_at is null returning material_id`.execute(
    tx,
  )
  return rows.length
}

/** Takes it back as it was, in no folder. What is not deleted stays as it is. */
export async function recoverMaterial(tx: Tx, corpId: string, materialId: string, now: Date): Promise<void> {
  const { rows } = await sql`
    update material set deleted_at = null, deleted_by = null, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and deleted_at is not null returning material_id`.execute(
    tx,
  )
  if (rows.length > 0) return enqueue(tx, refreshMediaJob, { corpId }, { key: `media ${corpId}` })
  const { rows: held } = await sql`
    select material_id from material where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint`.execute(
    tx,
  )
  if (held.length === 0) throw new NotFound({ what: '素材' })
}

/** After thirty days it is gone with all its versions. */
export const forgetDeleted: Cron = {
  name: 'content.forget-materials',
  everyMinutes: 60,
  run(context) {
    const before = new Date(context.clock.now().getTime() - RECOVER_DAYS * 24 * 3_600_000)
    return eachCorp(context, 'deleted materials could not be forgotten', async (tx, corpId) => {
      await sql`delete from material where corp_id = ${corpId}::bigint and deleted_at < ${before}::timestamptz`.execute(
        tx,
      )
    })
  },
}
