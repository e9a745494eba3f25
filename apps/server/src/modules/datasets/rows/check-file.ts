import { type FileProblem, fileProblem } from './file-head.ts'
import type { Line } from './line-splitter.ts'
import { excerptOf, readRow } from './read-row.ts'
import { RowIndexBuilder } from './row-index.ts'
import type { DatasetFormat, RowProblem, RowReason } from './row.types.ts'
import { readHead, scanFile } from './scan-file.ts'

export interface CheckInput {
  path: string
}

export interface CheckMessage {
  /** 0 to 1. */
  progress: number
}

export interface BadRowFound extends RowProblem {
  row: number
  excerpt: string
}

export interface ReasonCount {
  code: RowReason
  count: number
  /** The first few rows. */
  rows: number[]
}

export interface CheckResult {
  format: DatasetFormat | null
  rows: number
  badRows: number
  /** The first thousand. */
  bad: BadRowFound[]
  /** Most frequent first. */
  reasons: ReasonCount[]
  index: Uint8Array
}

export type CheckOutcome = { problem: FileProblem } | CheckResult

export const mostBadRows = 1000
const rowsOfReason = 3
const progressMs = 500

class Tally {
  good = 0
  badRows = 0
  readonly bad: BadRowFound[] = []
  readonly index = new RowIndexBuilder()
  private readonly formats = new Map<DatasetFormat, number>()
  private readonly reasons = new Map<RowReason, ReasonCount>()

  take(line: Line): void {
    const result = readRow(line)
    if (result.problem) return this.setAside(line, result.problem)
    this.good += 1
    this.formats.set(result.format, (this.formats.get(result.format) ?? 0) + 1)
    this.index.add(line.number, line.start)
  }

  result(): CheckResult {
    const [format] = [...this.formats].toSorted((a, b) => b[1] - a[1])[0] ?? [null]
    return {
      format,
      rows: this.good + this.badRows,
      badRows: this.badRows,
      bad: this.bad,
      reasons: [...this.reasons.values()].toSorted((a, b) => b.count - a.count),
      index: new Uint8Array(this.index.toBuffer()),
    }
  }

  private setAside(line: Line, problem: RowProblem): void {
    this.badRows += 1
    if (this.bad.length < mostBadRows) {
      this.bad.push({ ...problem, row: line.number, excerpt: excerptOf(line) })
    }
    const counted = this.reasons.get(problem.code) ?? { code: problem.code, count: 0, rows: [] }
    counted.count += 1
    if (counted.rows.length < rowsOfReason) counted.rows.push(line.number)
    this.reasons.set(problem.code, counted)
  }
}

/** Checks every row of a file; `onProgress` is called at most twice a second. */
export function checkFile(path: string, onProgress: (share: number) => void): CheckOutcome {
  const problem = fileProblem(readHead(path))
  if (problem) return { problem }
  const tally = new Tally()
  let told = Date.now()
  scanFile(
    path,
    (line) => tally.take(line),
    (share) => {
      if (Date.now() - told < progressMs) return
      told = Date.now()
      onProgress(share)
    },
  )
  return tally.result()
}
