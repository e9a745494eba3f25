import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from './lib/bootstrap.mjs'
import { currentContent, generatedFiles } from './lib/generated.ts'
import { checkHouseRules } from './verify/house-rules.ts'
import { checkTexts } from './verify/texts.ts'

interface Check {
  name: string
  /** The failures, in words; empty where all is well. */
  run: () => Promise<string[]>
}

const bin = (name: string) => path.join(root, 'node_modules/.bin', name)
const cache = (name: string) => path.join(root, 'node_modules/.cache/anneal', name)

/** A tool's output is its failure, where it exits with anything but 0. */
function tool(name: string, command: string, args: string[]): Check {
  const run = () =>
    new Promise<string[]>((resolve) => {
      const child = spawn(bin(command), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => (output += chunk))
      child.stderr.on('data', (chunk: Buffer) => (output += chunk))
      child.on('error', (error) => resolve([error.message]))
      child.on('close', (code) =>
        resolve(code === 0 ? [] : [output.trim() || `${command} ended with ${code}`]),
      )
    })
  return { name, run }
}

function types(name: string, command: string, project: string): Check {
  const info = cache(`${name.replaceAll(' ', '-')}.tsbuildinfo`)
  return tool(name, command, ['--noEmit', '-p', project, '--incremental', '--tsBuildInfoFile', info])
}

async function checkGenerated(): Promise<string[]> {
  const files = await generatedFiles()
  return files
    .filter(({ file, content }) => currentContent(file) !== content)
    .map(({ file }) => `${file} is not what its source says: npm run generate`)
}

const sources = ['apps', 'packages', 'scripts', 'tests'].filter((folder) =>
  existsSync(path.join(root, folder)),
)

const arrowsCache = ['--cache', cache('arrows'), '--cache-strategy', 'content']

const checks: Check[] = [
  types('types page', 'vue-tsc', 'apps/web'),
  types('types', 'tsc', '.'),
  types('types in browser', 'tsc', 'tsconfig.browser.json'),
  tool('arrows', 'depcruise', [
    ...arrowsCache,
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'err-long',
    ...sources,
  ]),
  tool('dead code', 'knip', ['--no-progress', '--no-config-hints']),
  tool('lint', 'oxlint', ['--format', 'stylish']),
  tool('format', 'oxfmt', ['--check']),
  { name: 'generated files', run: checkGenerated },
  { name: 'texts', run: checkTexts },
  { name: 'house rules', run: async () => checkHouseRules() },
]

async function perform(check: Check): Promise<boolean> {
  const began = performance.now()
  const failures = await check.run().catch((error: unknown) => [String(error)])
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${failures.length === 0 ? 'ok  ' : 'FAIL'} ${check.name.padEnd(16)} ${seconds} s`)
  if (failures.length > 0) console.log(failures.join('\n').replaceAll(/^/gm, '     '))
  return failures.length === 0
}

const began = performance.now()
const results = await Promise.all(checks.map(perform))
const failed = results.filter((isGood) => !isGood).length
console.log(
  `${failed === 0 ? 'All well' : `${failed} of ${checks.length} checks failed`} in ${((performance.now() - began) / 1000).toFixed(1)} s`,
)
process.exitCode = failed === 0 ? 0 : 1
