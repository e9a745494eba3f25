// The arrows of the house. Who may import whom is said here once, and checked by `npm run verify`.

/** Each module of the server with the modules that it may use, beside auth, which every one may. */
const moduleArrows = {
  auth: [],
  usage: [],
  models: ['usage'],
  prompts: [],
  datasets: [],
  tracking: [],
  generations: ['models', 'prompts', 'usage'],
  chat: ['generations', 'models', 'prompts', 'usage'],
  compare: ['generations', 'models', 'prompts', 'usage'],
  training: ['models', 'datasets', 'tracking', 'usage'],
  deployments: ['models', 'training'],
  gateway: ['generations', 'models', 'prompts', 'usage', 'datasets', 'training', 'deployments'],
}

const SERVER = 'apps/server/src'
const WEB = 'apps/web/src'
const TESTS = '\\.(test|testing)\\.ts$|/testing/'

const arrows = Object.entries(moduleArrows).map(([name, mayUse]) => ({
  name: `module-${name}`,
  severity: 'error',
  comment:
    `The module ${name} may use only: ${['auth', ...mayUse].join(', ')}. ` +
    'Turn the arrow round with an event or a look-up declared to platform, or move the shared piece to platform.',
  from: { path: `^${SERVER}/modules/${name}/`, pathNot: TESTS },
  to: {
    path: `^${SERVER}/modules/`,
    pathNot: `^${SERVER}/modules/(${[name, 'auth', ...mayUse].join('|')})/`,
  },
}))

export default {
  forbidden: [
    ...arrows,
    {
      name: 'through-the-index',
      severity: 'error',
      comment: 'Modules meet only through their index.ts: export what the other one needs there.',
      from: { path: `^${SERVER}/modules/([^/]+)/`, pathNot: TESTS },
      to: {
        path: `^${SERVER}/modules/`,
        pathNot: [`^${SERVER}/modules/$1/`, `^${SERVER}/modules/[^/]+/index\\.ts$`],
      },
    },
    {
      name: 'nobody-imports-home-or-admin',
      severity: 'error',
      comment: 'home and admin read all and are read by none: declare the look-up to platform instead.',
      from: { path: `^${SERVER}/modules/([^/]+)/` },
      to: { path: `^${SERVER}/modules/(home|admin)/`, pathNot: `^${SERVER}/modules/$1/` },
    },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      comment: 'platform has no business words: let the module declare itself to platform.',
      from: { path: `^${SERVER}/platform/`, pathNot: TESTS },
      to: { path: `^${SERVER}/modules/` },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other hide a third: take it out into a file of its own.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'queries-in-repos',
      severity: 'error',
      comment:
        'Queries are written in *.repo.ts, *.queries.ts, migrations and platform/db: move the query there.',
      from: {
        path: `^${SERVER}/`,
        pathNot: [
          '\\.(repo|queries)\\.ts$',
          '/migrations?(/|\\.ts$)',
          '\\.migrations?\\.ts$',
          `^${SERVER}/platform/db/`,
          TESTS,
        ],
      },
      to: { path: 'node_modules/(kysely|better-sqlite3|mysql2|pg)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'routes-call-verbs',
      severity: 'error',
      comment: 'A route parses, calls a verb and returns: let a verb file do what the repo is asked for.',
      from: { path: '\\.routes\\.ts$' },
      to: { path: '\\.(repo|queries)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'providers-stand-alone',
      severity: 'error',
      comment: 'Providers know the contract alone; what they need from the server comes as a parameter.',
      from: { path: '^packages/providers/' },
      to: { path: '^(apps|packages)/', pathNot: '^packages/(providers|contract)/' },
    },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      comment: 'The contract is below everything and imports nothing of the house.',
      from: { path: '^packages/contract/' },
      to: { path: '^(apps|packages)/', pathNot: '^packages/contract/' },
    },
    {
      name: 'apps-apart',
      severity: 'error',
      comment: 'Server and page meet in the contract alone.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'web-without-schemas',
      severity: 'error',
      comment:
        'The page takes types alone from the contract, and its lists without schemas: no Zod in the first load.',
      from: { path: `^${WEB}/`, pathNot: TESTS },
      to: {
        path: '^packages/contract/',
        pathNot:
          '^packages/contract/src/(texts/|core/permissions\\.ts|format\\.ts|prompt-template\\.ts|socket\\.ts|stream-events\\.ts|[^/]+\\.generated\\.ts)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'features-apart',
      severity: 'error',
      comment:
        'A feature imports its own folder, app, ui and composables: lift what two need into composables or ui.',
      from: { path: `^${WEB}/features/([^/]+)/`, pathNot: TESTS },
      to: { path: `^${WEB}/`, pathNot: [`^${WEB}/features/$1/`, `^${WEB}/(app|ui|composables|styles)/`] },
    },
    {
      name: 'ui-knows-nothing',
      severity: 'error',
      comment: 'ui knows no store and no API: give it props and events.',
      from: { path: `^${WEB}/ui/`, pathNot: TESTS },
      to: {
        path: [
          `^${WEB}/features/`,
          `^${WEB}/.*\\.(store|api)\\.ts$`,
          `^${WEB}/app/(api|session|access)\\.ts$`,
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist\\.[^/]*|node_modules/\\.cache)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.json'],
    },
  },
}
