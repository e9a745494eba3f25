import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { preparePackage } from '../../scripts/test/python-package.ts'
import { runProcess } from '../../scripts/test/run-process.ts'
import { seed } from '../../scripts/seed.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'

const root = path.resolve(import.meta.dirname, '../..')
const FOLDER = path.join(root, '.fuzz')
const version = '4.32.5'
const member = { email: 'fuzz@example.com', password: 'a member who tries everything' }

/** Ends the very session or server that the trial runs on, opens a stream without an end, or installs an engine. */
const LEFT_OUT = ['auth.signOut', 'auth.endSession', 'platform.events', 'training.prepareEngine']
const CHECKS =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'
/** A provider that does not answer is a 502 by design; everything else from 500 on is a fault. */
const BY_DESIGN = new Set([502])

interface Trial {
  name: string
  token: string
  /** Which addresses, as a regular expression. */
  paths: string
}

interface Report {
  operations: { tested: number }
  test_cases: { generated: number }
  failures: { code: string; title: string; count: number; operations: string[] }[]
}

async function trials(server: TestServer): Promise<Trial[]> {
  const administrator = await server.adminClient()
  await administrator.call('auth.createUser', { body: { ...member, role: 'member' } })
  const person = server.client()
  await person.signIn(member.email, member.password)
  const { key } = await administrator.call('auth.createKey', { body: { name: 'fuzz' } })
  return [
    { name: 'administrator', token: administrator.token ?? '', paths: '^/api/v1/' },
    { name: 'member', token: person.token ?? '', paths: '^/api/v1/' },
    { name: 'key', token: key, paths: '^/(api/(?!v1/)|v1/|@)' },
  ]
}

/** How many replies of each status from 500 on the server wrote to its log since `from`. */
function faults(logs: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of logs.split('\n')) {
    const status = Number(/"status":(5\d\d)/.exec(line)?.[1] ?? 0)
    if (status === 0 || BY_DESIGN.has(status)) continue
    const { method, path: address } = JSON.parse(line) as { method: string; path: string }
    const words = `${status} ${method} ${address.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').slice(0, 80)}`
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return counts
}

async function run(server: TestServer, bin: string, trial: Trial, seconds: number): Promise<boolean> {
  const folder = path.join(FOLDER, trial.name)
  mkdirSync(folder, { recursive: true })
  const from = server.logs.length
  const options = {
    url: server.baseUrl,
    header: `Authorization: Bearer ${trial.token}`,
    'include-path-regex': trial.paths,
    phases: 'coverage,fuzzing',
    'max-examples': '20',
    'max-time': String(seconds),
    checks: CHECKS,
    seed: '1',
    'suppress-health-check': 'all',
    warnings: 'off',
    report: 'json',
    'report-dir': folder,
  }
  const args = [
    'run',
    `${server.baseUrl}/api/v1/openapi.json`,
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ...LEFT_OUT.flatMap((name) => ['--exclude-operation-id', name]),
    '--continue-on-failure',
    '--no-color',
  ]
  const result = await runProcess(bin, args, { timeoutMs: (seconds + 120) * 1000, output: 'inherit' })
  writeFileSync(path.join(folder, 'server.log'), server.logs.slice(from))
  const file = readdirSync(folder).find((name) => name.startsWith('json-'))
  if (!file) throw new Error(`schemathesis ended with ${result.code} and left no report`)
  const report = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Report
  const found = faults(server.logs.slice(from))
  const undeclared = report.failures.filter(({ title }) => title !== 'Server error')
  console.log(
    `\n${trial.name}: ${report.test_cases.generated} requests on ${report.operations.tested} routes, ` +
      `${[...found.values()].reduce((sum, n) => sum + n, 0)} faults of the server, ` +
      `${undeclared.reduce((sum, { count }) => sum + count, 0)} replies that no schema allows`,
  )
  for (const [words, n] of found) console.log(`  ${n} × ${words}`)
  for (const { title, operations } of undeclared) console.log(`  ${title}: ${operations.join(', ')}`)
  return found.size === 0 && undeclared.length === 0
}

/** Sends what schemathesis makes of the OpenAPI document to every route: `npm run fuzz [seconds a trial]`. */
async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 300)
  const prepared = await preparePackage({ name: 'schemathesis', version, title: 'schemathesis' })
  if ('missing' in prepared) throw new Error(prepared.missing)
  rmSync(FOLDER, { recursive: true, force: true })
  process.env.ANNEAL_TEST_DIST = '1'
  const server = await startServer({ database: 'sqlite', env: { ANNEAL_LOG_LEVEL: 'warn' } })
  try {
    await seed(server.baseUrl, admin)
    let isClean = true
    for (const trial of await trials(server)) {
      const bin = path.join(prepared.folder, version, 'bin/schemathesis')
      isClean = (await run(server, bin, trial, seconds)) && isClean
    }
    process.exitCode = isClean ? 0 : 1
  } finally {
    await server.close()
  }
}

await main()
