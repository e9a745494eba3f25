import { globSync } from 'node:fs'
import path from 'node:path'
import { root } from '../lib/bootstrap.mjs'

export type Need = 'mysql' | 'postgres' | 'chromium' | 'engine'

export interface StageInput {
  /** File that the stage's report goes to. */
  report: string
  /** Parts of file paths; empty runs all. */
  filters: string[]
  /** Folder of the training engine's environment, where there is one. */
  engine?: string | undefined
}

export interface Stage {
  name: string
  group: string
  /** Without one of these the stage is skipped. */
  needs: Need[]
  /** Its tests use a training engine where there is one, and skip themselves where not. */
  wantsEngine: boolean
  /** The same of the versions of SwanLab's SDK. */
  wantsSwanlab?: boolean
  env: Record<string, string>
  report: 'json' | 'xml'
  timeoutMs: number
  /** Exit codes that mean 'no tests found'. */
  emptyCodes: number[]
  /** Whether a filter, part of a path, could name a test of this stage. */
  mayHold: (filter: string) => boolean
  command: (input: StageInput) => string[]
}

const MINUTE = 60_000

const FOLDERS: Record<string, string> = {
  unit: '{packages/*,apps/server,scripts,tests/support,tests/bench}',
  engine: 'apps/server/src/modules',
  web: 'apps/web/src',
  blackbox: 'tests/blackbox',
  e2e: 'tests/e2e',
}

/** Whether a test file of the project has the filter in its path, as Vitest would match it. */
function hasFile(project: string, filter: string): boolean {
  const pattern = `${FOLDERS[project]}/**/*${project === 'engine' ? '-with-engine' : ''}.test.ts`
  const isSkipped = (file: string) => file.includes('node_modules')
  return globSync(pattern, { cwd: root, exclude: isSkipped }).some((file) => file.includes(filter))
}

function vitestStage(project: string, options: Partial<Stage> & Pick<Stage, 'timeoutMs'>): Stage {
  return {
    name: project,
    group: project,
    needs: [],
    wantsEngine: false,
    env: {},
    report: 'json',
    emptyCodes: [],
    mayHold: (filter) => hasFile(project, filter),
    command: ({ report, filters }) => [
      process.execPath,
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    ...options,
  }
}

function blackbox(database: 'sqlite' | 'mysql' | 'postgres'): Stage {
  return vitestStage('blackbox', {
    name: `blackbox:${database}`,
    needs: database === 'sqlite' ? [] : [database],
    // SQLite trains at length, the others a few steps: the way through the engine is the same.
    wantsEngine: true,
    wantsSwanlab: true,
    env: { ANNEAL_TEST_DATABASE: database },
    timeoutMs: 20 * MINUTE,
  })
}

const trainer: Stage = {
  name: 'trainer',
  group: 'trainer',
  needs: ['engine'],
  wantsEngine: true,
  env: { PYTHONDONTWRITEBYTECODE: '1' },
  report: 'xml',
  timeoutMs: 12 * MINUTE,
  emptyCodes: [5],
  mayHold: (filter) => filter.startsWith('workers'),
  command: ({ report, filters, engine = '' }) => [
    path.join(engine, 'bin/python'),
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    `--junitxml=${report}`,
    ...(filters.length > 0 ? filters : ['workers/trainer']),
  ],
}

export const stages: Stage[] = [
  vitestStage('unit', { timeoutMs: 20 * MINUTE }),
  vitestStage('web', { timeoutMs: 3 * MINUTE }),
  blackbox('sqlite'),
  blackbox('mysql'),
  blackbox('postgres'),
  trainer,
  vitestStage('engine', { needs: ['engine'], wantsEngine: true, timeoutMs: 20 * MINUTE }),
  vitestStage('e2e', { needs: ['chromium'], wantsEngine: true, timeoutMs: 20 * MINUTE }),
]
