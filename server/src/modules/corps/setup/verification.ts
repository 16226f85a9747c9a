import { inCorp } from '../../../platform/db.ts'
import type { WorkContext } from '../context.ts'
import type { Refusal } from '../schema.ts'
import { keepFindings } from './probe.ts'

/** Keeps what became of WeCom's check of our callback address, for whoever waits for it on the wizard's page. */
export async function noteVerification(
  { db, clock }: WorkContext,
  corpId: string,
  refusal: Extract<Refusal, 'signature' | 'key' | 'clock'> | null,
): Promise<void> {
  const finding = { probe: 'callback' as const, refusal, errcode: 0, detail: {} }
  await inCorp(db, corpId, (tx) => keepFindings(tx, corpId, [finding], clock.now()))
}
