import { TableTooLarge, TableUnreadable } from '../errors.ts'
import { cellText, readStyles } from './cell-text.ts'
import { CELL_MAX, keepCell, keepColumns, type TableRow } from './limits.ts'
import { openParts, type Parts, TEXTS_BYTES_MAX } from './xlsx-parts.ts'
import { createXmlFeed } from './xml.ts'

/**
 * The first sheet of a workbook, in packets of rows as it unpacks: cells as a person sees them, days and times as
 * 2026-11-23 09:00:00. What a formula came to is read; formulas themselves are not, and nothing outside the file is.
 */
export async function* readXlsx(bytes: Buffer): AsyncGenerator<TableRow[]> {
  const parts = await openParts(bytes)
  const { sheet, is1904 } = await findSheet(parts)
  const texts = await readTexts(parts)
  const styles = await readStyles(parts)
  const rows: TableRow[] = []
  const feed = readSheet(rows, (given) => cellText(given, texts, styles, is1904))
  for await (const piece of parts.read(sheet)) {
    feed(piece)
    if (rows.length > 0) yield rows.splice(0)
  }
}

async function findSheet(parts: Parts): Promise<{ sheet: string; is1904: boolean }> {
  if (!parts.has('xl/workbook.xml')) throw new TableUnreadable({ why: '里面没有工作表' })
  let id: string | undefined
  let is1904 = false
  createXmlFeed({
    open(name, attribute) {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attribute('date1904') ?? '')
      if (name === 'sheet' && (attribute('state') ?? 'visible') === 'visible') id ??= attribute('id')
    },
  })(await parts.readSmall('xl/workbook.xml'))
  let target = ''
  createXmlFeed({
    open(name, attribute) {
      if (name === 'Relationship' && attribute('Id') === id) target = attribute('Target') ?? ''
    },
  })(await parts.readSmall('xl/_rels/workbook.xml.rels'))
  const sheet = target.startsWith('/') ? target.slice(1) : `xl/${target}`
  if (!parts.has(sheet)) throw new TableUnreadable({ why: '里面没有工作表' })
  return { sheet, is1904 }
}

async function readTexts(parts: Parts): Promise<string[]> {
  const texts: string[] = []
  let text = ''
  let depth: 'out' | 'in' | 'ruby' = 'out'
  const feed = createXmlFeed({
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh')
        depth = 'ruby' // how a word is read aloud, beside it
      else if (name === 't' && depth !== 'ruby') depth = 'in'
    },
    text(said) {
      if (depth !== 'in') return
      if (text.length + said.length > CELL_MAX)
        throw new TableTooLarge({ what: '有一格太长', most: `${CELL_MAX} 个字` })
      text += said
    },
    close(name) {
      if (name === 'si') texts.push(text)
      else if (name === 'rPh' || (name === 't' && depth === 'in')) depth = 'out'
    },
  })
  for await (const piece of parts.read('xl/sharedStrings.xml', TEXTS_BYTES_MAX)) feed(piece)
  return texts
}

export interface CellGiven {
  type: string
  style: number
  value: string
}

function readSheet(rows: TableRow[], say: (given: CellGiven) => string): (piece: string) => void {
  let line = 0
  let column = 0
  let cells: string[] = []
  let given: CellGiven = { type: 'n', style: 0, value: '' }
  let reads = false
  return createXmlFeed({
    open(name, attribute) {
      if (name === 'row') {
        line = Number(attribute('r') ?? line + 1)
        column = 0
        cells = []
      } else if (name === 'c') {
        const at = attribute('r')
        column = at ? columnOf(at) : column + 1
        keepColumns(line, column)
        given = { type: attribute('t') ?? 'n', style: Number(attribute('s') ?? 0), value: '' }
      } else reads = name === 'v' || name === 't'
    },
    text(said) {
      if (reads) given.value += said
      keepCell(line, given.value.length)
    },
    close(name) {
      if (name === 'v' || name === 't') reads = false
      else if (name === 'c') {
        while (cells.length < column) cells.push('')
        cells[column - 1] = say(given)
      } else if (name === 'row' && cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells })
    },
  })
}

/** AB12 stands in column 28. */
function columnOf(at: string): number {
  let column = 0
  for (const letter of at) {
    if (letter < 'A' || letter > 'Z') break
    column = column * 26 + letter.charCodeAt(0) - 64
  }
  return column
}
