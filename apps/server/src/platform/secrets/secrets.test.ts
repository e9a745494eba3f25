import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'
import { openMasterKey } from './master-key.ts'

let data = ''
beforeEach(() => void (data = mkdtempSync(path.join(tmpdir(), 'anneal-secrets-'))))
afterEach(() => rmSync(data, { recursive: true }))

test('what is encrypted comes back, never twice in one form', () => {
  const secrets = createSecrets(randomBytes(32))
  const first = secrets.encrypt('sk-ключ-密钥')
  expect(secrets.decrypt(first)).toBe('sk-ключ-密钥')
  expect(secrets.encrypt('sk-ключ-密钥')).not.toBe(first)
  expect(secrets.last4('sk-12345678')).toBe('5678')
  expect(secrets.fingerprint('a')).toMatch(/^[0-9a-f]{64}$/)
  expect(secrets.fingerprint('a')).toBe(secrets.fingerprint('a'))
  expect(createSecrets(randomBytes(32)).fingerprint('a')).not.toBe(secrets.fingerprint('a'))
})

test('a changed text and another key are refused', () => {
  const secrets = createSecrets(randomBytes(32))
  const stored = secrets.encrypt('secret')
  const at = stored.length - 3
  const changed = stored.slice(0, at) + (stored[at] === 'A' ? 'B' : 'A') + stored.slice(at + 1)
  expect(() => secrets.decrypt(changed)).toThrow()
  expect(() => createSecrets(randomBytes(32)).decrypt(stored)).toThrow('another master key')
})

test('the key file is made once, for its owner alone', () => {
  const key = openMasterKey({ data, masterKey: null })
  const file = path.join(data, 'master.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64').equals(key)).toBe(true)
  expect(openMasterKey({ data, masterKey: null }).equals(key)).toBe(true)
})

test('a damaged key file stops the start, and a given key needs no file', () => {
  writeFileSync(path.join(data, 'master.key'), 'short')
  expect(() => openMasterKey({ data, masterKey: null })).toThrow('damaged')
  const given = randomBytes(32)
  expect(openMasterKey({ data, masterKey: given.toString('base64') }).equals(given)).toBe(true)
})
