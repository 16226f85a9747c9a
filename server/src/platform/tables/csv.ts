/** Signs a spreadsheet takes for a formula, also full-width, also behind quotes and blanks it strips (faults IO-06: CSV injection). */
const FORMULA = /^[\s"']*(?:[=+\-@＝＋－＠]|(?<=[\t\r]))/

/** One cell: quoted always, on one line, and never a formula wherever it is opened. A number of ours stays one, below zero too. */
export function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return `"${value}"`
  const text = String(value ?? '').replaceAll(/[\r\n]+/g, ' ')
  return `"${(FORMULA.test(String(value ?? '')) ? `'${text}` : text).replaceAll('"', '""')}"`
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** What Excel needs to read the rest as UTF-8. */
export const CSV_START = '\uFEFF'
