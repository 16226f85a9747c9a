import type { CellGiven } from './read-xlsx.ts'
import type { Parts } from './xlsx-parts.ts'
import { createXmlFeed } from './xml.ts'

/** Formats of days and times that need no words in the file, ECMA-376 part 1, 18.8.30, and those of Chinese Excel. */
const isDateId = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** A format of the file's own that shows a day or a time; what stands in quotes or brackets is not part of it. */
const isDateFormat = (format: string) => /[ymdhs年月日]/i.test(format.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''))

/** Which styles of cells show their number as a day. */
export async function readStyles(parts: Parts): Promise<boolean[]> {
  const dates: boolean[] = []
  const own = new Map<number, boolean>()
  let inside = false
  const feed = createXmlFeed({
    open(name, attribute) {
      if (name === 'numFmt') own.set(Number(attribute('numFmtId')), isDateFormat(attribute('formatCode') ?? ''))
      else if (name === 'cellXfs') inside = true
      else if (name === 'xf' && inside) {
        const id = Number(attribute('numFmtId') ?? 0)
        dates.push(own.get(id) ?? isDateId(id))
      }
    },
    close(name) {
      if (name === 'cellXfs') inside = false
    },
  })
  feed(await parts.readSmall('xl/styles.xml'))
  return dates
}

/** What a person sees in the cell. */
export function cellText(given: CellGiven, texts: readonly string[], dates: readonly boolean[], is1904: boolean) {
  const { type, style, value } = given
  if (type === 's') return texts[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd') return value.replace('T', ' ').replace(/\.\d+Z?$|Z$/, '')
  if (type !== 'n' || value === '') return value
  const number = Number(value)
  if (Number.isNaN(number)) return value
  return dates[style] ? dayOfSerial(number + (is1904 ? DAYS_1904 : 0)) : sayNumber(number)
}

/** Excel keeps fifteen digits: a longer number has lost its last ones, and is told so that this shows. */
const EXACT_BELOW = 1e15
const sayNumber = (number: number) =>
  Math.abs(number) >= EXACT_BELOW ? number.toExponential() : String(Number(number.toPrecision(15)))

const DAYS_1904 = 1_462
/** Day 0 of Excel, once its 29 February 1900 is behind it. */
const EPOCH_MS = Date.UTC(1899, 11, 30)
const SERIAL_MAX = 2_958_466
const DAY_SECONDS = 86_400

/** A day counted by Excel, as it is written on the clock: 2026-11-23 09:00:00, and no time where there is none. */
export function dayOfSerial(serial: number): string {
  if (!(serial > 60 && serial < SERIAL_MAX)) return String(serial)
  const seconds = Math.round(serial * DAY_SECONDS)
  const text = new Date(EPOCH_MS + seconds * 1_000).toISOString()
  return seconds % DAY_SECONDS === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
}
