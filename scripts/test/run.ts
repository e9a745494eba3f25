import { existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { leaksOfSuite } from '../../tests/support/secrets-used.ts'
import { root, say } from '../lib/bootstrap.mjs'
import { addCounts, noCounts, readCounts, type Counts } from './counts.ts'
import { prepareEngine } from './engine.ts'
import { prepareOpenAi } from './openai-python.ts'
import { missingChromium, missingMysql, missingPostgres, type Missing } from './prepare.ts'
import { runProcess } from './run-process.ts'
import { stages, type Need, type Stage } from './stages.ts'
import { prepareSwanlab } from './swanlab.ts'

const REPORTS = path.join(root, '.tmp/test')
const OUTPUT = path.join(REPORTS, 'output')

const required = new Set((process.env.ANNEAL_TEST_REQUIRE ?? '').split(',').filter(Boolean))

const engine = once(prepareEngine)
const swanlab = once(prepareSwanlab)
const openAi = once(prepareOpenAi)

const checks: Record<Need, () => Promise<Missing>> = {
  mysql: once(missingMysql),
  postgres: once(missingPostgres),
  chromium: once(async () => missingChromium()),
  engine: async () => {
    const prepared = await engine()
    return 'missing' in prepared ? prepared.missing : undefined
  },
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

function skip(stage: Stage, need: Need, why: string): Counts {
  const isRequired = required.has(need)
  say(`${isRequired ? 'FAILED' : 'skipped'}: ${stage.name}: ${why}`)
  return { passed: 0, failed: isRequired ? 1 : 0, skipped: isRequired ? 0 : 1 }
}

async function runStage(stage: Stage, filters: string[]): Promise<Counts> {
  for (const need of stage.needs) {
    const why = await checks[need]()
    if (why) return skip(stage, need, why)
  }
  const env: Record<string, string> = { ANNEAL_TEST_DIST: '1', ANNEAL_TEST_OUTPUT: OUTPUT, ...stage.env }
  if (stage.wantsEngine) {
    const prepared = await engine()
    if ('folder' in prepared) env.ANNEAL_TEST_ENGINE = prepared.folder
    else if (required.has('engine')) return skip(stage, 'engine', prepared.missing)
    else say(`${stage.name} without a training engine: ${prepared.missing}`)
  }
  if (stage.wantsSwanlab) {
    const prepared = await swanlab()
    if ('folder' in prepared) env.ANNEAL_TEST_SWANLAB = prepared.folder
    else if (required.has('engine')) return skip(stage, 'engine', prepared.missing)
    else say(`${stage.name} without SwanLab's SDK: ${prepared.missing}`)
    const python = await openAi()
    if ('folder' in python) env.ANNEAL_TEST_OPENAI = python.folder
    else if (required.has('engine')) return skip(stage, 'engine', python.missing)
    else say(`${stage.name} without OpenAI's Python client: ${python.missing}`)
  }
  const report = path.join(REPORTS, `${stage.name.replaceAll(':', '-')}.${stage.report}`)
  const began = Date.now()
  say(`\n── ${stage.name} ──`)
  const [file = 'node', ...args] = stage.command({ report, filters, engine: env.ANNEAL_TEST_ENGINE })
  const result = await runProcess(file, args, { timeoutMs: stage.timeoutMs, env })
  if (result.timedOut) say(`FAILED: ${stage.name} did not end within ${stage.timeoutMs / 60_000} minutes`)
  const counts = readCounts(report) ?? noCounts()
  const isUnexplained = result.code !== 0 && counts.failed === 0 && !stage.emptyCodes.includes(result.code)
  if (isUnexplained) counts.failed += 1
  say(`── ${stage.name}: ${describe(counts)} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return counts
}

function describe(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
}

/** One test more: of all that every server printed, for every secret that any test used; what was gathered goes. */
function checkSecrets(): Counts {
  if (!existsSync(OUTPUT)) return noCounts()
  const leaks = leaksOfSuite(OUTPUT)
  rmSync(OUTPUT, { recursive: true, force: true })
  say(
    leaks.length > 0
      ? `FAILED: secrets in the output of servers:\n${leaks.join('\n')}`
      : 'No secret stands in the output of any server.',
  )
  return { passed: leaks.length > 0 ? 0 : 1, failed: leaks.length > 0 ? 1 : 0, skipped: 0 }
}

async function main(): Promise<void> {
  const words = process.argv.slice(2)
  const isStageWord = (word: string) => stages.some((stage) => stage.name === word || stage.group === word)
  const chosen = words.filter(isStageWord)
  const filters = words.filter((word) => !isStageWord(word))
  const wanted = stages.filter((stage) => {
    if (chosen.length > 0) return chosen.includes(stage.name) || chosen.includes(stage.group)
    return filters.length === 0 || filters.some((filter) => stage.mayHold(filter))
  })
  if (wanted.length === 0) {
    say(
      `No test has ${filters.join(' or ')} in its path; the stages are ${stages.map(({ name }) => name).join(', ')}.`,
    )
    process.exit(1)
  }
  rmSync(REPORTS, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  // The engine's download fills the line while the unit tests fill the cores.
  if (wanted.some((stage) => stage.wantsEngine || stage.needs.includes('engine'))) void engine()
  let total = noCounts()
  for (const stage of wanted) total = addCounts(total, await runStage(stage, filters))
  total = addCounts(total, checkSecrets())
  process.stdout.write(`\n${describe(total)}\n`)
  process.exit(total.failed > 0 ? 1 : 0)
}

await main()
