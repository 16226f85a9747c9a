import type { Tx } from '../../platform/db.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Actor } from '../corps/context.ts'
import { AlreadyInStage, MoveNotUndoable, NotACustomer, StageGated } from './errors.ts'
import { checkLostReason, readMissing } from './gates.ts'
import { lockStanding, moveContacts } from './move.ts'
import { requireStage } from './read-book.ts'
import type { NewMove } from './schema.ts'
import { readUndoable, undoStays } from './undo.ts'

export type Mover = Pick<Actor, 'name' | 'staffId' | 'scope'>

/** Moves one customer because somebody says so. Refused while the stage asks for something he lacks. */
export async function moveByHand(
  tx: Tx,
  corpId: string,
  askedId: string,
  { stageId, reason, lostReasonId }: NewMove,
  mover: Mover,
  now: Date,
): Promise<{ stayId: string }> {
  const contactId = await requireContact(tx, corpId, askedId, mover.scope)
  const stage = await requireStage(tx, corpId, stageId)
  const lost = await checkLostReason(tx, corpId, stage, lostReasonId)
  const missing = (await readMissing(tx, corpId, stage, [contactId], mover.scope)).get(contactId)
  if (missing) throw new StageGated({ stage: stage.name, missing: missing.join('、') })
  const why = {
    way: 'hand' as const,
    actor: mover.name,
    staffId: mover.staffId,
    reason,
    lostReasonId: lost,
    bulkRunId: null,
  }
  const moved = await moveContacts(tx, corpId, [contactId], stage, why, now)
  const [standing] = await lockStanding(tx, corpId, [contactId], stage.flowId)
  if (!standing?.from) throw new NotACustomer()
  if (moved.length === 0) throw new AlreadyInStage({ stage: stage.name })
  return { stayId: standing.from.stayId }
}

/** Takes back a move made by hand, of a day at most: he stands where he stood, as if he had never left. */
export async function undoByHand(
  tx: Tx,
  corpId: string,
  asked: { contactId: string; stayId: string },
  mover: Mover,
  now: Date,
): Promise<void> {
  const contactId = await requireContact(tx, corpId, asked.contactId, mover.scope)
  const undoable = await readUndoable(tx, corpId, { contactId, stayId: asked.stayId }, now)
  if (!undoable) throw new MoveNotUndoable()
  const why = {
    way: 'hand' as const,
    actor: mover.name,
    staffId: mover.staffId,
    reason: '',
    lostReasonId: null,
    bulkRunId: null,
  }
  const undone = await undoStays(tx, corpId, [{ contactId, stayId: asked.stayId }], why, now)
  if (undone.length === 0) throw new MoveNotUndoable()
}
