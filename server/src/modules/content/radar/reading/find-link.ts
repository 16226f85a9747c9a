import type { Clock } from '../../../../platform/clock.ts'
import { type Db, inCorp, type Tx } from '../../../../platform/db.ts'
import { type ReadMaterial, readMaterials } from '../../materials/read-material.ts'
import { tokenMark } from '../links.ts'
import { readRadarSetting } from '../notices/settings.ts'

export interface FoundLink {
  corpId: string
  corpName: string
  wecomCorpid: string | null
  linkId: string
  staffId: string
  /** Who sent it: what a card on a counter says of him, and nothing more. */
  card: { name: string; avatar: string | null; place: string | null }
  material: ReadMaterial & { fileIds: string[]; updatedAt: Date }
  hosts: string[]
  /** Where whoever is no friend of his may become one. */
  landingKey: string | null
}

/** Readers who come at once share a look; a material that has changed is seen so soon after. */
const KEPT_MS = 5_000
const KEPT_MAX = 5_000

/** What a token leads to, or undefined. A broadcast brings thousands within seconds: the same answer serves all of them. */
export function createLinkFinder({
  db,
  clock,
}: {
  db: Db
  clock: Clock
}): (token: string) => Promise<FoundLink | undefined> {
  const kept = new Map<string, { until: number; found: Promise<FoundLink | undefined> }>()
  return (token) => {
    const now = Date.now()
    const known = kept.get(token)
    if (known && known.until > now) return known.found
    const found = findLink(db, token, clock.now())
    kept.delete(token)
    kept.set(token, { until: now + KEPT_MS, found })
    found.catch(() => kept.delete(token))
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value!)
    return found
  }
}

async function findLink(db: Db, token: string, now: Date): Promise<FoundLink | undefined> {
  const named = await db
    .selectFrom('radarToken')
    .innerJoin('corp', 'corp.corpId', 'radarToken.corpId')
    .select(['radarToken.corpId', 'linkId', 'corp.name as corpName', 'corp.wecomCorpid'])
    .where('tokenMark', '=', tokenMark(token))
    .executeTakeFirst()
  if (!named) return undefined
  const { corpId, linkId } = named
  return inCorp(db, corpId, async (tx) => {
    const link = await tx
      .selectFrom('radarLink')
      .innerJoin('staff', (j) =>
        j.onRef('staff.corpId', '=', 'radarLink.corpId').onRef('staff.staffId', '=', 'radarLink.staffId'),
      )
      .leftJoin('department', (j) =>
        j
          .onRef('department.corpId', '=', 'staff.corpId')
          .onRef('department.departmentId', '=', 'staff.mainDepartmentId')
          .on('department.parentId', 'is not', null),
      )
      .select(['radarLink.materialId', 'radarLink.staffId', 'staff.name', 'staff.avatar', 'department.name as place'])
      .where('radarLink.corpId', '=', corpId)
      .where('linkId', '=', linkId)
      .executeTakeFirst()
    if (!link) return undefined
    const material = await readShown(tx, corpId, link.materialId, now)
    if (!material) return undefined
    const { staffId, name, avatar, place } = link
    return {
      ...named,
      staffId,
      material,
      card: { name, avatar, place },
      hosts: (await readRadarSetting(tx, corpId)).hosts,
      landingKey: await ownLanding(tx, corpId, staffId),
    }
  })
}

/** What a reader may be shown: what staff may send, or might yesterday. What was withdrawn is gone from where it was sent too. */
const SHOWN: ReadonlySet<string> = new Set(['live', 'expired'])

async function readShown(
  tx: Tx,
  corpId: string,
  materialId: string,
  now: Date,
): Promise<FoundLink['material'] | undefined> {
  const material = (await readMaterials(tx, corpId, [materialId], now)).get(materialId)
  if (!material || !SHOWN.has(material.state)) return undefined
  const kept = await tx
    .selectFrom('material')
    .select(['fileIds', 'coverId', 'updatedAt'])
    .where('corpId', '=', corpId)
    .where('materialId', '=', materialId)
    .executeTakeFirstOrThrow()
  const { fileIds, coverId, updatedAt } = kept
  return { ...material, fileIds: [...fileIds, ...(coverId ? [coverId] : [])], updatedAt }
}

/** The member's own code on the web, if he has one that leads to him alone. */
async function ownLanding(tx: Tx, corpId: string, staffId: string): Promise<string | null> {
  const code = await tx
    .selectFrom('channelCodeStaff as s')
    .innerJoin('channelCode as c', (j) =>
      j.onRef('c.corpId', '=', 's.corpId').onRef('c.channelCodeId', '=', 's.channelCodeId'),
    )
    .innerJoin('landing as l', (j) =>
      j.onRef('l.corpId', '=', 'c.corpId').onRef('l.channelCodeId', '=', 'c.channelCodeId'),
    )
    .select('l.landingKey')
    .where('s.corpId', '=', corpId)
    .where('s.staffId', '=', staffId)
    .where('c.removedAt', 'is', null)
    .where('c.qrContent', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('channelCodeStaff as o')
            .select('o.staffId')
            .where('o.corpId', '=', corpId)
            .whereRef('o.channelCodeId', '=', 's.channelCodeId')
            .whereRef('o.staffId', '<>', 's.staffId'),
        ),
      ),
    )
    .orderBy('c.channelCodeId', 'desc')
    .limit(1)
    .executeTakeFirst()
  return code?.landingKey ?? null
}
