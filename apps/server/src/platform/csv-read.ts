/** Where a file of comma-separated values breaks the rules. */
export class CsvError extends Error {
  readonly line: number

  constructor(line: number) {
    super(`line ${line} has a quote that does not end`)
    this.line = line
  }
}

export interface CsvRow {
  /** Of the file, from 1; a row with line breaks in quotes begins there. */
  line: number
  cells: string[]
}

/** The sign that parts the cells of the first line most often. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/)
  const first = end === -1 ? text : text.slice(0, end)
  const count = (sign: string) => first.split(sign).length
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}

/**
 * Rows of comma-separated values (RFC 4180), also of those that a spreadsheet parts by semicolons or tabs; blank lines
 * are left out.
 */
export function* csvRows(source: string): Generator<CsvRow> {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source
  const delimiter = delimiterOf(text)
  let cells: string[] = []
  let line = 1
  let began = 1
  let at = 0
  while (at <= text.length) {
    let value = ''
    if (text[at] === '"') {
      const quote = line
      at += 1
      for (;;) {
        const end = text.indexOf('"', at)
        if (end === -1) throw new CsvError(quote)
        value += text.slice(at, end)
        at = end + 1
        if (text[at] !== '"') break
        value += '"'
        at += 1
      }
      line += value.split('\n').length - 1
    }
    let end = at
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
    cells.push((value + text.slice(at, end)).trim())
    at = end
    if (text[at] === delimiter) {
      at += 1
      continue
    }
    if (cells.some((cell) => cell !== '')) yield { line: began, cells }
    cells = []
    if (at >= text.length) return
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    at += 1
    line += 1
    began = line
  }
}
