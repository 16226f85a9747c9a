import { dayOfSerial } from '../../../platform/tables/cell-text.ts'
import { FEN_MAX, type OrderState } from '../schema.ts'

/** A cell that cannot be read as what its column holds; the message is the whole reason. */
export class CellRefused extends Error {}

/** Digits and signs typed full-width are the same digits. */
const halfWidth = (text: string) =>
  text.replaceAll(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfe_e0)).replaceAll('\u3000', ' ')

const AMOUNT = /^(-)?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/

/** Money in fen, by its digits: floating point would lose some. */
export function readMoney(cell: string, unit: 'yuan' | 'fen'): number {
  const plain = halfWidth(cell).replaceAll(/[¥￥元\s]|RMB|CNY/gi, '')
  const [, minus, whole, part = ''] = AMOUNT.exec(plain) ?? []
  if (whole === undefined) throw new CellRefused(`「${cell}」不是金额`)
  if (minus) throw new CellRefused(`金额「${cell}」是负数，退款请写在退款金额一列`)
  const decimals = part.replace(/0+$/, '')
  if (decimals.length > (unit === 'yuan' ? 2 : 0))
    throw new CellRefused(
      unit === 'yuan' ? `金额「${cell}」多于两位小数` : `金额「${cell}」不是整数的分，是不是选错了单位`,
    )
  const yuan = Number(whole.replaceAll(',', ''))
  const fen = unit === 'yuan' ? yuan * 100 + Number(decimals.padEnd(2, '0')) : yuan
  if (fen > FEN_MAX) throw new CellRefused(`金额「${cell}」太大`)
  return fen
}

export function readCount(cell: string, most: number): number {
  const plain = halfWidth(cell)
    .replaceAll(/[\s,件个份]/g, '')
    .replace(/\.0+$/, '')
  const number = /^\d{1,9}$/.test(plain) ? Number(plain) : Number.NaN
  if (!(number >= 1 && number <= most)) throw new CellRefused(`数量「${cell}」要填 1 到 ${most} 的整数`)
  return number
}

export function readPoints(cell: string): number {
  const plain = halfWidth(cell)
    .replaceAll(/[\s,分]/g, '')
    .replace(/\.0+$/, '')
  if (!/^-?\d{1,12}$/.test(plain)) throw new CellRefused(`积分「${cell}」不是整数`)
  return Number(plain)
}

/** Long numbers lose their last digits in a spreadsheet, which then shows them with an exponent. */
export function readNo(cell: string, what: string): string {
  const plain = halfWidth(cell)
    .replace(/^['`=]?"?|"?$/g, '')
    .trim()
  if (/^\d(\.\d+)?e\+?\d+$/i.test(plain))
    throw new CellRefused(`${what}「${cell}」被表格软件写成了科学计数，末几位已经丢了，请把这一列设成文本再导出`)
  if (plain === '' || plain.length > 100) throw new CellRefused(`${what}要有 1 到 100 个字`)
  return plain
}

const PARTS =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]*(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2})?(?:\.\d+)?秒?)?分?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i
const PACKED = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/
const SERIAL = /^[3-6]\d{4}(\.\d+)?$/

/** An instant as any spreadsheet writes it; where it names no zone, on the clock of Shanghai. */
export function readTime(cell: string): Date {
  const plain = halfWidth(cell).trim()
  if (/^\d{10}$/.test(plain)) return checked(cell, new Date(Number(plain) * 1_000))
  if (/^\d{13}$/.test(plain)) return checked(cell, new Date(Number(plain)))
  const written = SERIAL.test(plain) ? dayOfSerial(Number(plain)) : plain
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone] =
    PARTS.exec(written) ?? PACKED.exec(written) ?? []
  if (!year) throw new CellRefused(`「${cell}」不是时间，请写成 2026-11-23 09:00:00`)
  const two = (part: string | undefined) => String(part).padStart(2, '0')
  const clock = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`
  const offset = zone ? zone.toUpperCase().replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2') : '+08:00'
  // A 30 February reads as 2 March: what is read must say what was written.
  if (new Date(`${clock}Z`).toJSON()?.slice(0, 19) !== clock) throw new CellRefused(`「${cell}」不是一个真实的时间`)
  return checked(cell, new Date(clock + offset))
}

const [EARLIEST, LATEST] = [Date.UTC(1990, 0, 1), Date.UTC(2100, 0, 1)]
function checked(cell: string, at: Date): Date {
  if (at.getTime() >= EARLIEST && at.getTime() < LATEST) return at
  throw new CellRefused(`时间「${cell}」不在 1990 年到 2099 年之间`)
}

/** What shops call the states of an order, by the words they are made of; the first that fits holds. */
const WORDS: [RegExp, OrderState | 'refunded'][] = [
  [/退款成功|退款完成|已退款|全额退款|^refunded$/, 'refunded'],
  [/关闭|取消|作废|失效|已删除|cancel|closed/, 'closed'],
  [/待付|未付|待支付|未支付|等待买家付款|等待付款|unpaid|pending|wait_buyer_pay|not_pay|placed/, 'placed'],
  [
    /发货|收货|签收|成功|完成|已付|已支付|付款|出库|评价|自提|核销|配送|paid|finish|success|complete|shipped|delivered|send/,
    'paid',
  ],
]

export function readState(cell: string): OrderState | 'refunded' {
  const word = halfWidth(cell).trim().toLowerCase()
  const found = WORDS.find(([pattern]) => pattern.test(word))
  if (!found) throw new CellRefused(`不认识订单状态「${cell}」`)
  return found[1]
}
