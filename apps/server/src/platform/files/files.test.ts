import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '../db/index.ts'
import { migrate, openDatabase } from '../db/index.ts'
import { createFiles, filesMigrations } from './index.ts'
import { diskError } from './take-in.ts'

let data: string
let db: Db

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'anneal-files-'))
  db = await openDatabase({ url: `sqlite:${path.join(data, 'test.db')}`, dataFolder: data })
  await migrate(db, filesMigrations)
})
afterAll(async () => {
  await db.close()
  await rm(data, { recursive: true, force: true })
})

const files = () => createFiles({ db, data, nodeId: 'here' })
const unfinished = () => readdir(path.join(data, 'files/unfinished')).catch(() => [])

test('what was put is read back, whole and by range, with its hash', async () => {
  const content = randomBytes(300_000)
  const seen: number[] = []
  const chunks = [content.subarray(0, 100_000), content.subarray(100_000)]
  const stored = await files().put(Readable.from(chunks), { onProgress: (bytes) => seen.push(bytes) })
  expect(stored).toMatchObject({
    bytes: 300_000,
    sha256: createHash('sha256').update(content).digest('hex'),
  })
  expect(seen).toEqual([100_000, 300_000])
  expect((await buffer(await files().open(stored.id))).equals(content)).toBe(true)
  const middle = await buffer(await files().open(stored.id, { start: 5, end: 9 }))
  expect(middle.equals(content.subarray(5, 10))).toBe(true)
  expect(await files().size(stored.id)).toBe(300_000)
  expect(await unfinished()).toEqual([])
})

test('one that is too large, or breaks off, leaves nothing', async () => {
  const before = await readdir(path.join(data, 'files'), { recursive: true })
  const large = Readable.from([Buffer.alloc(600), Buffer.alloc(600)])
  await expect(files().put(large, { limitBytes: 1000 })).rejects.toMatchObject({
    code: 'platform.body-too-large',
  })
  expect(large.destroyed).toBe(true)
  async function* broken() {
    yield Buffer.alloc(10)
    throw new Error('the client is gone')
  }
  await expect(files().put(Readable.from(broken()))).rejects.toThrow('the client is gone')
  expect(await readdir(path.join(data, 'files'), { recursive: true })).toEqual(before)
})

test('a file can be taken over, and removed twice', async () => {
  const source = path.join(data, 'made-elsewhere')
  await writeFile(source, 'content')
  const { id, bytes } = await files().adopt(source)
  expect(bytes).toBe(7)
  expect(await text(await files().open(id))).toBe('content')
  await files().remove(id)
  await files().remove(id)
  await expect(files().open(id)).rejects.toMatchObject({ code: 'platform.not-found' })
})

test('a file of another server is refused in words, and one whose content is gone is not found', async () => {
  const { id } = await files().put(Readable.from(['x']))
  const elsewhere = createFiles({ db, data: path.join(data, 'other'), nodeId: 'there' })
  await expect(elsewhere.open(id)).rejects.toMatchObject({ code: 'platform.node-unreachable' })
  await expect(elsewhere.localPath(id)).rejects.toMatchObject({ code: 'platform.node-unreachable' })
  await rm(await files().localPath(id))
  await expect(files().open(id)).rejects.toMatchObject({ code: 'platform.not-found' })
})

test('what a killed server left half-written is cleaned away', async () => {
  await files().put(Readable.from(['x']))
  await writeFile(path.join(data, 'files/unfinished/left'), 'half')
  await files().clean()
  expect(await unfinished()).toEqual([])
})

test('a full disk has its own words', () => {
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
  expect(diskError(full)).toMatchObject({ code: 'platform.no-space' })
  const other = new Error('other')
  expect(diskError(other)).toBe(other)
})
