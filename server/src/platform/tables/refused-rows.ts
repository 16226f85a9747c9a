import type { Vault } from '../secrets.ts'
import { CSV_START, csvLine } from './csv.ts'

/** What a refused row said, for whoever wants to mend it. */
interface Said {
  head: readonly string[]
  cells: readonly string[]
}

/** A row may hold phone numbers: it is kept sealed to its place. */
export const sealRow = (vault: Vault, said: Said, place: string): Buffer => vault.seal(JSON.stringify(said), place)

export const openRow = (vault: Vault, sealed: Buffer, place: string): Said =>
  JSON.parse(vault.open(sealed, place).toString()) as Said

/** A cell as it was typed: a sheet of ours marks what looks like a formula, and the mark is not part of it. */
export const unmarked = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@])/, '')

/** Headings of ours that a mended file may bring back; they say nothing of the rows. */
export const REFUSAL_COLUMNS: readonly string[] = ['没导入的原因', '原来的行']

/** The refused rows as they were, each with the reason and its line: to be mended and brought in again. */
export function refusedCsv(rows: readonly (Said & { line: number; reason: string })[]): string {
  const head = rows[0]?.head ?? []
  return [
    CSV_START,
    csvLine([...head, ...REFUSAL_COLUMNS]),
    ...rows.map(({ cells, reason, line }) => csvLine([...head.map((_, i) => cells[i] ?? ''), reason, line])),
  ].join('')
}
