import type { Vault } from '../../../platform/secrets.ts'
import type { Kept } from './check-answers.ts'

const placeOf = (corpId: string, formId: string, visitMark: Buffer) =>
  `form_answer.sealed.${corpId}.${formId}.${visitMark.toString('hex')}`

interface Row {
  formId: string
  visitMark: Buffer
  sealed: Buffer | null
}

/** What is private of an answer, bound to it: moved to another it does not open. */
export const sealPrivate = (vault: Vault, corpId: string, { formId, visitMark }: Omit<Row, 'sealed'>, kept: Kept) =>
  Object.keys(kept).length === 0 ? null : vault.seal(JSON.stringify(kept), placeOf(corpId, formId, visitMark))

export const openPrivate = (vault: Vault, corpId: string, { formId, visitMark, sealed }: Row): Kept =>
  sealed === null ? {} : (JSON.parse(vault.open(sealed, placeOf(corpId, formId, visitMark)).toString()) as Kept)
