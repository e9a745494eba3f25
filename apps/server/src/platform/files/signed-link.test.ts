import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecrets } from '../secrets/index.ts'
import { checkLink, signLink } from './signed-link.ts'

const secrets = createSecrets(randomBytes(32))
const now = Date.parse('2026-01-01T00:00:00Z')
const hour = 60 * 60 * 1000

function parts(link: string) {
  const [path = '', query = ''] = link.split('?')
  return { path, query: new URLSearchParams(query) }
}

test('a link opens what it was signed for, within the hour', () => {
  const { path, query } = parts(signLink(secrets, { method: 'PUT', path: '/api/objects/a', bytes: 10 }, now))
  expect(checkLink(secrets, { method: 'PUT', path }, query, now + hour - 1)).toBe(10)
  const read = parts(signLink(secrets, { method: 'GET', path: '/api/objects/a' }, now))
  expect(checkLink(secrets, { method: 'GET', path }, read.query, now)).toBe(0)
})

test.each([
  ['another path', { path: '/api/objects/b' }],
  ['another method', { method: 'GET' as const }],
  ['more bytes', { bytes: '11' }],
  ['a later end', { expires: String(now + 2 * hour) }],
  ['no signature', { signature: '' }],
  ['a signature of the same length', { signature: '0'.repeat(64) }],
  ['an hour later', { at: now + hour }],
  ['another instance', { secrets: createSecrets(randomBytes(32)) }],
])('%s is refused', (_, changed: Record<string, unknown>) => {
  const { path, query } = parts(signLink(secrets, { method: 'PUT', path: '/api/objects/a', bytes: 10 }, now))
  for (const name of ['bytes', 'expires', 'signature'])
    if (typeof changed[name] === 'string') query.set(name, changed[name])
  const asked = {
    method: (changed.method as 'GET' | undefined) ?? ('PUT' as const),
    path: (changed.path as string | undefined) ?? path,
  }
  const signer = (changed.secrets as typeof secrets | undefined) ?? secrets
  const check = () => checkLink(signer, asked, query, (changed.at as number | undefined) ?? now)
  expect(check).toThrow(expect.objectContaining({ code: 'platform.link-ended' }))
})
