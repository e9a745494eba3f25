import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { configurationDoc, findRoot, loadConfig, readEnvironment } from './index.ts'

const place = { root: '/srv/anneal', version: '1.2.3' }
const load = (environment: Record<string, string>) => loadConfig(environment, place)

test('defaults stand where nothing is given', () => {
  const config = load({ PATH: '/bin', ANNEAL_TEST_CHROMIUM: '/x', ANNEAL_PUBLIC_URL: '' })
  expect(config).toMatchObject({
    hosts: ['127.0.0.1', '::1'],
    port: 4600,
    data: '/srv/anneal/data',
    databaseUrl: 'sqlite:/srv/anneal/data/anneal.db',
    publicUrl: null,
    enginePrepare: 'auto',
    trustProxy: false,
    logLevel: 'info',
    version: '1.2.3',
  })
})

test.each([
  [{ ANNEAL_PROT: '1' }, 'ANNEAL_PROT is no setting of Anneal'],
  [{ ANNEAL_DATABASE_UR: 'x' }, 'did you mean ANNEAL_DATABASE_URL?'],
  [{ ANNEAL_PORT: '80a' }, "ANNEAL_PORT is '80a', but must be a port from 0 to 65535."],
  [{ ANNEAL_PUBLIC_URL: 'https://a.example/path' }, 'without a path'],
  [{ ANNEAL_PUBLIC_URL: 'a.example' }, 'http:// or https://'],
  [{ ANNEAL_ENGINE_PREPARE: 'never' }, 'must be one of auto, off'],
  [{ ANNEAL_TRUST_PROXY: 'maybe' }, 'must be on or off'],
  [{ ANNEAL_MASTER_KEY: 'short' }, '32 bytes'],
  [{ ANNEAL_DATABASE_URL: 'oracle://x/y' }, 'must begin with sqlite:, mysql:// or postgres://'],
  [{ ANNEAL_DATABASE_URL: 'postgres://host' }, 'names no database'],
  [{ ANNEAL_CA_FILE: '/nowhere/at/all.pem' }, 'cannot be read'],
  [{ ANNEAL_ADMIN_EMAIL: 'a@b.example' }, 'are given together'],
  [{ ANNEAL_METRICS_TOKEN: 'short' }, 'at least 16 characters'],
] as [Record<string, string>, string][])('%o stops the start in one line', (environment, line) => {
  let message = ''
  try {
    load(environment)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  expect(message).toContain(line)
  expect(message).not.toContain('\n')
})

test('values are read into their kinds', () => {
  const config = load({
    ANNEAL_HOST: '0.0.0.0',
    ANNEAL_DATA: 'elsewhere',
    ANNEAL_DATABASE_URL: 'postgresql://u:p@db:5432/anneal',
    ANNEAL_PUBLIC_URL: 'https://anneal.example.com/',
    ANNEAL_TRUST_PROXY: 'on',
    ANNEAL_MASTER_KEY: 'ab'.repeat(32),
  })
  expect(config).toMatchObject({
    hosts: ['0.0.0.0'],
    data: '/srv/anneal/elsewhere',
    databaseUrl: 'postgres://u:p@db:5432/anneal',
    publicUrl: 'https://anneal.example.com',
    trustProxy: true,
    masterKey: Buffer.from('ab'.repeat(32), 'hex').toString('base64'),
  })
})

test('a .env file is read, and the environment wins over it', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'anneal-config-'))
  try {
    writeFileSync(path.join(root, '.env'), 'ANNEAL_PORT=4700\nANNEAL_LOG_LEVEL="debug"\n')
    const environment = readEnvironment(root, { ANNEAL_PORT: '4800' })
    expect(loadConfig(environment, { root, version: '1' })).toMatchObject({ port: 4800, logLevel: 'debug' })
  } finally {
    rmSync(root, { recursive: true })
  }
})

test('the root is found from here, and the documentation names every variable once', () => {
  expect(findRoot().root).toMatch(/.+/)
  const document = configurationDoc()
  for (const name of ['ANNEAL_HOST', 'ANNEAL_TORCH_INDEX', 'ANNEAL_NODE_URL']) {
    expect(document.split(`| \`${name}\` |`)).toHaveLength(2)
  }
})
