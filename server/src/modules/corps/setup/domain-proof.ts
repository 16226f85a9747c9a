import pg from 'pg'
import type { Db, Tx } from '../../../platform/db.ts'
import { DomainProofTaken } from '../errors.ts'

/** Two corps behind one domain have one file each; the same file twice would let one speak for the other. */
export async function saveDomainProof(tx: Tx, corpId: string, domainProof: string): Promise<void> {
  try {
    await tx.updateTable('corp').set({ domainProof }).where('corpId', '=', corpId).execute()
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.constraint === 'corp_domain_proof_key') throw new DomainProofTaken()
    throw error
  }
}

export async function findDomainProof(db: Db, domainProof: string): Promise<boolean> {
  const found = await db.selectFrom('corp').select('corpId').where('domainProof', '=', domainProof).executeTakeFirst()
  return found !== undefined
}
