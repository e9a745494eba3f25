import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { missingFromLock, pinsOf } from './audit/lock-files.ts'
import { askPypi } from './audit/pypi.ts'
import { root, say } from './lib/bootstrap.mjs'

interface NpmReport {
  vulnerabilities?: Record<string, { severity: string; range: string; fixAvailable: unknown }>
  message?: string
  error?: { summary?: string }
}

/** npm's advisories on all that package-lock.json names; gives how many were found, or null where npm does not say. */
function auditNpm(): number | null {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', timeout: 60_000 })
  let report: NpmReport
  try {
    report = JSON.parse(stdout) as NpmReport
  } catch {
    report = {}
  }
  if (!report.vulnerabilities) {
    say(
      `npm: the registry does not answer questions about advisories (${report.message ?? report.error?.summary ?? 'no answer'}).`,
    )
    return null
  }
  const found = Object.entries(report.vulnerabilities)
  for (const [name, { severity, range }] of found) say(`npm: ${severity}: ${name} ${range}`)
  say(`npm: ${found.length === 0 ? 'no advisory' : `${found.length} packages with advisories`}.`)
  return found.length
}

async function auditPython(): Promise<number | null> {
  const pins = pinsOf(readFileSync(path.join(root, 'workers/trainer/requirements.lock'), 'utf8'))
  const answer = await askPypi(pins)
  if ('unanswered' in answer) {
    say(`Python: PyPI does not answer questions about advisories (${answer.unanswered}).`)
    return null
  }
  for (const { name, version } of answer.unknown) say(`Python: ${name} ${version} is not known there.`)
  for (const { name, version, id, fixedIn } of answer.found)
    say(`Python: ${name} ${version}: ${id}${fixedIn.length > 0 ? `, mended in ${fixedIn.join(', ')}` : ''}`)
  say(
    `Python: ${answer.found.length === 0 ? 'no advisory' : `${answer.found.length} advisories`} on ${pins.length} packages.`,
  )
  return answer.found.length
}

const gaps = missingFromLock(root)
for (const gap of gaps) say(gap)
if (gaps.length === 0) say('The lock files name every package of npm and of Python with its version.')
const found = [auditNpm(), await auditPython()]
if (found.includes(null))
  say('What was not answered is not known to be well: ask again where the registry answers.')
process.exit(gaps.length > 0 || found.some((count) => (count ?? 0) > 0) ? 1 : 0)
