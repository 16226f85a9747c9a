import type { Tx } from '../../../platform/db.ts'
import { NotAllowed, NotFound } from '../../../platform/errors.ts'
import { keepVisible } from '../../contacts/pick-contacts.ts'
import type { Actor, WorkContext } from '../../corps/context.ts'
import { readMaterials } from '../materials/read-material.ts'
import { readViewer, requireMember } from '../materials/visible.ts'
import { LinkNeedsMember, NotSendable } from './errors.ts'
import { linkFor } from './links.ts'
import type { NewLink } from './schema.ts'
import { requireSeen } from './stats/read-radar.ts'

/** A link somebody is about to send: his own, or in another's name where he writes the corp's content. */
export async function makeLink(
  tx: Tx,
  { corpId, staffId: own, permissions, scope }: Pick<Actor, 'corpId' | 'staffId' | 'permissions' | 'scope'>,
  { vault, publicUrl }: Pick<WorkContext, 'vault' | 'publicUrl'>,
  asked: NewLink,
  now: Date,
): Promise<string> {
  const staffId = asked.staffId ?? own
  if (!staffId) throw new LinkNeedsMember()
  if (staffId !== own && !permissions.includes('content.write')) throw new NotAllowed()
  if (staffId !== own) await requireMember(tx, corpId, staffId)
  const material = (await readMaterials(tx, corpId, [asked.materialId], now)).get(asked.materialId)
  await requireSeen(tx, corpId, asked.materialId, await readViewer(tx, corpId, { staffId: own, permissions }))
  if (!material) throw new NotFound({ what: '素材' })
  if (material.state !== 'live') throw new NotSendable()
  const { contactId } = asked
  if (contactId && (await keepVisible(tx, corpId, [contactId], scope)).length === 0)
    throw new NotFound({ what: '客户' })
  return linkFor(tx, { vault, publicUrl }, corpId, { ...asked, version: material.version, staffId }, now)
}
