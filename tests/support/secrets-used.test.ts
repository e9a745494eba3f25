import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { leaksIn, leaksOfSuite, noteSecretsIn } from './secrets-used.ts'

test('a secret in a line is found and masked, wherever it was sent', () => {
  noteSecretsIn({
    email: 'a@example.com',
    password: 'not to be printed 1',
    keys: [{ key: 'abcdefghijklmnopqrstu' }],
  })
  noteSecretsIn({ link: 'http://localhost/invite#the-secret-behind-it' })
  const output = [
    'info a@example.com signed in',
    'warn body {"password":"not to be printed 1"}',
    'info Bearer abcdefghijklmnopqrstu',
    'info opened the-secret-behind-it',
    'info http://localhost/invite',
  ].join('\n')
  expect(leaksIn(output)).toEqual([
    'warn body {"password":"*****"}',
    'info Bearer *****',
    'info opened *****',
  ])
})

test('the link of the first administrator is printed on purpose; the same secret elsewhere is not', () => {
  const secret = 'set-up-secret-of-this-server'
  const printed = `Make the first administrator here (this link works once): http://localhost/set-up#${secret}`
  expect(leaksIn(printed, [secret])).toEqual([])
  expect(leaksIn(`${printed}\ninfo GET /set-up#${secret}`, [secret])).toEqual(['info GET /set-up#*****'])
})

test('the secrets of one file are looked for in the servers of all', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-output-'))
  try {
    writeFileSync(path.join(folder, '1.secrets'), `${JSON.stringify('a secret of the first')}\n`)
    writeFileSync(path.join(folder, '2-a.log'), 'well\nand a secret of the first\n')
    expect(leaksOfSuite(folder)).toEqual(['2-a.log: and *****'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
