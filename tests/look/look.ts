import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContext } from 'playwright-core'
import { launchBrowser, openContext, signInContext, type View } from '../support/browser.ts'
import { admin, startServer } from '../support/server.ts'
import { inspect, type Finding } from './inspect.ts'
import { pages, type LookPage } from './pages.ts'

const root = path.resolve(import.meta.dirname, '../..')
const FOLDER = path.join(root, '.look')
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

type Fill = 'empty' | 'full'
type Row = Finding & { name: string }
type Seed = (baseUrl: string, credentials: typeof admin) => Promise<unknown>

function views(isQuick: boolean): View[] {
  if (isQuick) {
    return [
      { language: 'en', theme: 'light', ...WIDE },
      { language: 'zh', theme: 'dark', ...NARROW },
    ]
  }
  return (['en', 'zh'] as const).flatMap((language) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      [WIDE, NARROW].map((size) => ({ language, theme, ...size })),
    ),
  )
}

async function loadSeed(): Promise<Seed | undefined> {
  const file = path.join(root, 'scripts/seed.ts')
  if (!existsSync(file)) return undefined
  const { seed } = (await import(pathToFileURL(file).href)) as { seed?: Seed }
  return seed
}

async function visit(context: BrowserContext, baseUrl: string, look: LookPage, name: string): Promise<Row> {
  const found = await inspect(context, baseUrl, look, path.join(FOLDER, `${name}.png`))
  return { name, ...found }
}

async function visitAll(
  browser: Browser,
  baseUrl: string,
  chosen: LookPage[],
  allViews: View[],
  fill: Fill,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const view of allViews) {
    const context = await openContext(browser, view)
    const anonymous = await openContext(browser, view)
    await signInContext(context, baseUrl, admin)
    for (const look of chosen) {
      if (fill === 'empty' && look.seededOnly) continue
      if (fill === 'full' && look.public) continue
      const name = [look.name, fill, view.language, view.theme, view.width].join('-')
      const row = await visit(look.public ? anonymous : context, baseUrl, look, name).catch(
        (error: unknown): Row => ({
          name,
          errors: [String(error).split('\n')[0] ?? ''],
          faults: [],
          sideways: 0,
          scriptBytes: 0,
          longestTask: 0,
        }),
      )
      rows.push(row)
    }
    await context.close()
    await anonymous.close()
  }
  return rows
}

function print(rows: Row[]): void {
  const width = Math.max(...rows.map((row) => row.name.length))
  console.log(`${'page'.padEnd(width)}  errors  faults  sideways  script KB  longest task ms`)
  for (const row of rows) {
    const cells = [
      String(row.errors.length).padStart(6),
      String(row.faults.length).padStart(6),
      String(row.sideways).padStart(8),
      (row.scriptBytes / 1024).toFixed(1).padStart(9),
      row.longestTask.toFixed(0).padStart(15),
    ]
    console.log(`${row.name.padEnd(width)}  ${cells.join('  ')}`)
  }
  const words = new Map<string, string[]>()
  for (const row of rows) {
    for (const fault of [...row.errors, ...row.faults])
      words.set(fault, [...(words.get(fault) ?? []), row.name])
  }
  for (const [fault, names] of words)
    console.log(`\n${fault}\n  ${names.slice(0, 3).join(', ')} (${names.length})`)
}

async function main(): Promise<void> {
  const words = process.argv.slice(2)
  const isQuick = words.includes('--quick')
  const filters = words.filter((word) => !word.startsWith('--'))
  const chosen = pages.filter(({ name }) => filters.length === 0 || filters.includes(name))
  if (chosen.length === 0) {
    console.error(`No such page. There are: ${pages.map(({ name }) => name).join(', ')}.`)
    process.exitCode = 1
    return
  }
  process.env.ANNEAL_TEST_DIST = '1'
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const browser = await launchBrowser()
  const server = await startServer({ database: 'sqlite', engine: 'stand-in' })
  try {
    const rows = await visitAll(browser, server.baseUrl, chosen, views(isQuick), 'empty')
    const seed = await loadSeed()
    if (seed) {
      await seed(server.baseUrl, admin)
      rows.push(...(await visitAll(browser, server.baseUrl, chosen, views(isQuick), 'full')))
    }
    print(rows)
    writeFileSync(path.join(FOLDER, 'table.json'), `${JSON.stringify(rows, null, 2)}\n`)
    console.log(`\n${rows.length} pictures in .look/`)
  } finally {
    await browser.close()
    await server.close()
  }
}

await main()
