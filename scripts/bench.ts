import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './lib/bootstrap.mjs'
import { yardstick, type Bench, type BenchResult, type BenchRow } from '../tests/bench/support.ts'

const FOLDER = path.join(root, '.bench')

interface Report extends BenchResult {
  name: string
  at: string
  machine: string
  node: string
  /** Milliseconds of the fixed piece of CPU work, before and after. */
  yardstickMs: [before: number, after: number]
}

function names(): string[] {
  return globSync('*.bench.ts', { cwd: path.join(root, 'tests/bench') })
    .map((file) => file.replace(/\.bench\.ts$/, ''))
    .toSorted()
}

const shown = (value: number | string | undefined) => {
  if (typeof value !== 'number') return value ?? ''
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2)
}

function table(rows: BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))]
  const cells = [
    ['', ...columns],
    ...rows.map((row) => [row.name, ...columns.map((name) => shown(row.figures[name]))]),
  ]
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length))) ?? []
  return cells
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** Runs one bench in this process and writes its report. */
async function measure(name: string): Promise<void> {
  const file = path.join(root, 'tests/bench', `${name}.bench.ts`)
  const { bench } = (await import(pathToFileURL(file).href)) as { bench: Bench }
  const before = yardstick()
  const result = await bench()
  const report: Report = {
    name,
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    yardstickMs: [before, yardstick()],
    ...result,
  }
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(path.join(FOLDER, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  process.exit(0)
}

function print(name: string): void {
  const report = JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Report
  const yardsticks = report.yardstickMs.map((ms) => ms.toFixed(0)).join(' and ')
  console.log(
    `\n${name}: yardstick ${yardsticks} ms (before and after), Node ${report.node}, ${report.machine}`,
  )
  console.log(table(report.rows))
  for (const note of report.notes ?? []) console.log(note)
}

/** Every bench gets a fresh process, so that none inherits another's heap. */
function runAll(asked: string[]): boolean {
  const known = names()
  const chosen = asked.length > 0 ? asked : known
  const unknown = chosen.filter((name) => !known.includes(name))
  if (unknown.length > 0 || chosen.length === 0) {
    console.error(`No bench ${unknown.join(', ')}. There are: ${known.join(', ') || 'none'}.`)
    return false
  }
  let isGood = true
  for (const name of chosen) {
    const script = path.join(root, 'scripts/bench.ts')
    const env = { ...process.env, ANNEAL_TEST_DIST: '1' }
    const timeout = 15 * 60_000
    const result = spawnSync(process.execPath, [script, '--one', name], {
      cwd: root,
      env,
      timeout,
      stdio: 'inherit',
    })
    if (result.status === 0 && existsSync(path.join(FOLDER, `${name}.json`))) print(name)
    else {
      isGood = false
      console.error(`${name}: ended with ${result.status ?? result.signal}`)
    }
  }
  return isGood
}

const [first, second] = process.argv.slice(2)
if (first === '--one' && second) await measure(second)
else process.exitCode = runAll(process.argv.slice(2)) ? 0 : 1
