import { setImmediate as breathe } from 'node:timers/promises'
import { scalars } from '@anneal/contract'
import { AppError } from '../../../platform/errors.ts'
import { CsvError, type CsvRow, csvRows } from '../../../platform/csv-read.ts'

/** One person of a file, as it was written. */
export interface ImportLine {
  line: number
  email: string
  name: string
  role: string
  groups: string[]
}

const mostLines = 20_000
/** So many lines are parsed before others have their turn. */
const atOnce = 500

const titles = {
  email: ['email', 'e-mail', 'mail', '邮箱', '邮件', '电子邮件'],
  name: ['name', '姓名', '名称'],
  role: ['role', '角色'],
  groups: ['groups', 'group', '用户组', '组'],
} as const
type Column = keyof typeof titles

function columnsOf({ cells }: CsvRow): Map<Column, number> {
  const found = new Map<Column, number>()
  for (const [column, known] of Object.entries(titles) as [Column, readonly string[]][]) {
    const at = cells.findIndex((cell) => known.includes(cell.toLowerCase()))
    if (at !== -1) found.set(column, at)
  }
  return found
}

/**
 * The people of a CSV. Groups stand in one cell, parted by a semicolon, a bar or, where quoted, a comma.
 * @throws AppError `people.csv-empty`, `people.csv-columns`, `people.csv-too-long`, `people.csv-broken`.
 */
export async function importLines(csv: string): Promise<ImportLine[]> {
  const lines: ImportLine[] = []
  let columns: Map<Column, number> | null = null
  try {
    for (const row of csvRows(csv)) {
      if (!columns) {
        columns = columnsOf(row)
        if (!columns.has('email')) throw new AppError('people.csv-columns')
        continue
      }
      const cell = (column: Column) => row.cells[columns?.get(column) ?? -1] ?? ''
      const groups = cell('groups').split(/[;|,，；]/)
      lines.push({
        line: row.line,
        email: cell('email'),
        name: cell('name'),
        role: cell('role'),
        groups: groups.map((one) => one.trim()).filter(Boolean),
      })
      if (lines.length > mostLines) throw new AppError('people.csv-too-long', { most: mostLines })
      if (lines.length % atOnce === 0) await breathe()
    }
  } catch (error) {
    if (error instanceof CsvError) throw new AppError('people.csv-broken', { line: error.line })
    throw error
  }
  if (lines.length === 0) throw new AppError('people.csv-empty')
  return lines
}

export const isMail = (text: string): boolean => scalars.email.safeParse(text).success
