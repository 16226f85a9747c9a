/** Signs a spreadsheet takes for a formula, also full-width, also behind quotes and blanks it strips (faults IO-06: CSV injection). */
const FORMULA = /^[\s"']*(?:[=+\-@＝＋－＠]|(?<=[\t\r]))/

/** One cell: quoted always, on one line, and never a formula wherever it is opened. A number of ours stays one, below zero too. */
export function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return `"${value}"`
  const text = String(value ?? '').replaceAll(/[\r\n]+/g, ' ')
  return `"${(FORMULA.test(String(value ?? '')) ? `'${text}` : text).replaceAll('"', '""')}"`
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** Reads what a spreadsheet wrote: quotes, doubled quotes, line ends inside them; commas, or tabs where the first line has some. */
export function readCsv(text: string): string[][] {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/))
  const separator = firstLine.includes('\t') ? '\t' : ','
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') cell += text[++at]
      else quoted = false
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === separator || sign === '\n') {
      rows.at(-1)!.push(cell.endsWith('\r') && sign === '\n' ? cell.slice(0, -1) : cell)
      cell = ''
      if (sign === '\n') rows.push([])
    } else cell += sign
  }
  rows.at(-1)!.push(cell)
  return rows.filter((row) => row.some((one) => one.trim() !== ''))
}

/** What Excel needs to read the rest as UTF-8. */
export const CSV_START = '\uFEFF'
