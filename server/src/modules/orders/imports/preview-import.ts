import type { Db } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { Identifier } from '../../contacts/identifiers.ts'
import { showIdentifier } from '../../contacts/identifiers.ts'
import { maskPhone } from '../../contacts/mobiles.ts'
import type { ReadyImport } from './imports.ts'
import { isRefused, type Read, readImport } from './read-import.ts'
import type { ImportMapping, ImportPreview } from './schema.ts'

const SHOWN = 8
const REASONS_SHOWN = 12

/** Reads the whole file as it would be brought in, and writes nothing: what it comes to, what would be refused and why. */
export async function previewImport(
  db: Db,
  vault: Vault,
  run: ReadyImport,
  mapping: ImportMapping,
  toldAt: Date,
): Promise<ImportPreview> {
  const preview: ImportPreview = {
    found: 0,
    good: 0,
    goodFen: 0,
    refused: 0,
    refusedRows: 0,
    reasons: [],
    orders: [],
    members: [],
  }
  const reasons = new Map<string, { rows: number; line: number }>()
  for await (const packet of readImport(db, vault, run, mapping, toldAt)) {
    for (const read of packet) {
      preview.found++
      if (isRefused(read)) noteRefusal(preview, reasons, read.reasons)
      else noteGood(preview, read)
    }
  }
  preview.reasons = [...reasons]
    .map(([reason, found]) => ({ reason, ...found }))
    .sort((a, b) => b.rows - a.rows || a.line - b.line)
    .slice(0, REASONS_SHOWN)
  return preview
}

/** What a reason quotes of its row, so that a thousand wrong dates are one reason. */
const QUOTED = /「[^」]*」|第 \d+ 行/g

function noteRefusal(
  preview: ImportPreview,
  reasons: Map<string, { rows: number; line: number }>,
  said: ReadonlyMap<number, string>,
): void {
  preview.refused++
  preview.refusedRows += said.size
  for (const [line, why] of said) {
    const reason = why
      .replace(/^同一订单的第 \d+ 行：/, '')
      .replaceAll(QUOTED, (quoted) => (quoted.startsWith('第') ? '另一行' : '「…」'))
    const known = reasons.get(reason) ?? { rows: 0, line }
    reasons.set(reason, { rows: known.rows + 1, line: known.line })
  }
}

function noteGood(preview: ImportPreview, read: Exclude<Read, { reasons: unknown }>): void {
  preview.good++
  const { line } = read.group.rows[0]!
  if ('member' in read) {
    const { memberNo, level, points, joinedAt, identifiers } = read.member
    if (preview.members.length < SHOWN)
      preview.members.push({
        line,
        memberNo,
        level,
        points,
        joinedAt: joinedAt?.toISOString() ?? null,
        buyer: sayBuyer(identifiers),
      })
    return
  }
  const { order } = read
  preview.goodFen += order.amountFen
  if (preview.orders.length >= SHOWN) return
  preview.orders.push({
    line,
    orderNo: order.orderNo,
    state: order.state,
    paidAt: order.paidAt?.toISOString() ?? null,
    amountFen: order.amountFen,
    refundedFen: order.refunds.reduce((sum, { amountFen }) => sum + amountFen, 0),
    items: order.items
      .map(({ name, number }) => (number > 1 ? `${name} ×${number}` : name))
      .join('、')
      .slice(0, 200),
    buyer: sayBuyer(order.identifiers),
  })
}

/** Enough to recognise whoever it is by. */
function sayBuyer(identifiers: readonly Identifier[]): string {
  const [first] = identifiers
  if (!first) return ''
  if (first.kind === 'phone') return maskPhone(first.value)
  // Of which shop he is a buyer everybody knows: the file is of one.
  const value = first.kind === 'buyer' ? first.value.slice(first.value.indexOf(':') + 1) : first.value
  return showIdentifier({ value, hint: null })
}
