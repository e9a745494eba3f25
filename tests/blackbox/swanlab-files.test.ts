import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { sql } from './support/sql.ts'
import { type WireRun, type Wire, openWire } from './support/wire.ts'
import { makeUser } from './support/world.ts'

let server: TestServer
let admin: Client
let person: Awaited<ReturnType<typeof makeUser>>
let wire: Wire
let run: WireRun
let id: string

beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
  person = await makeUser(server, admin, 'member')
  wire = await openWire(server.baseUrl, person.client)
  run = await wire.run()
  const [row] = await sql(server, 'select id from tracked_run where cuid = ?', [run.cuid])
  id = String(row?.id)
})
afterAll(() => server?.close())

const put = (url: string, body: Uint8Array | string) => fetch(url, { method: 'PUT', body: body as string })

async function linksFor(...paths: string[]): Promise<string[]> {
  const { body, status } = await wire.post('/resources/presigned/put', { experimentId: run.cuid, paths })
  expect(status).toBe(200)
  return body.urls as string[]
}

const media = (key: string, index: number, data: string[], more: unknown[]) =>
  wire.metrics(run, 'media', [{ key, index, data, more, create_time: new Date().toISOString() }])

const readMedia = (key: string, step?: number) =>
  person.client.call('tracking.media', {
    params: { id },
    query: { key, ...(step === undefined ? {} : { step }) },
  })

const readLink = (url: string | null) => fetch(`${server.baseUrl}${url}`)

const countFiles = () =>
  readdirSync(path.join(server.dataFolder, 'files'), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  ).length

test('pictures are sent to signed links, shown by step with their captions, and replaced step by step', async () => {
  const picture = randomBytes(5000)
  const paths = ['media/image/004-aa.png', 'media/image/004-bb.png']
  const links = await linksFor(...paths)
  expect(new Set(links).size).toBe(2)
  expect(links[0]).toContain(`${server.baseUrl}/api/objects/`)
  const stored = await put(links[0]!, picture)
  expect(stored.status).toBe(200)
  expect(stored.headers.get('etag')).toBe(`"${createHash('sha256').update(picture).digest('hex')}"`)
  await media('many/pictures', 4, paths, [{ caption: 'one' }, null])
  await media('many/pictures', 9, [paths[0]!], [{ caption: 'again' }])
  const { items } = await person.client.call('tracking.mediaSeries', { params: { id } })
  expect(items).toContainEqual({ key: 'many/pictures', kind: 'IMAGE', steps: 2, firstStep: 4, lastStep: 9 })
  const at4 = await readMedia('many/pictures', 5)
  expect(at4).toMatchObject({ kind: 'IMAGE', step: 4, steps: [4, 9] })
  expect(at4.items[0]).toMatchObject({
    caption: 'one',
    bytes: 5000,
    contentType: 'image/png',
    name: '004-aa.png',
  })
  /* Its bytes have not come. */
  expect(at4.items[1]).toMatchObject({ caption: null, url: null, text: null, name: '004-bb.png' })
  const read = await readLink(at4.items[0]!.url)
  expect(Buffer.from(await read.arrayBuffer()).equals(picture)).toBe(true)
  await media('many/pictures', 4, [paths[0]!], [{ caption: 'replaced' }])
  expect((await readMedia('many/pictures', 4)).items).toMatchObject([{ caption: 'replaced' }])
  expect((await readMedia('many/pictures')).step).toBe(9)
  expect(await readMedia('many/pictures', 3)).toMatchObject({ step: null, items: [] })
  expect(await readMedia('nothing')).toMatchObject({ step: null, steps: [], items: [] })
})

test('a file that is sent again replaces the first, whose bytes are removed', async () => {
  const [link = ''] = await linksFor('media/text/001-a.txt')
  await put(link, 'first')
  const before = countFiles()
  await put(link, 'second')
  expect(countFiles()).toBe(before)
  await media('note', 1, ['media/text/001-a.txt'], [{ caption: 'c' }])
  expect((await readMedia('note')).items[0]).toMatchObject({ text: 'second', caption: 'c', bytes: 6 })
})

test('a part of a file is given where a part is asked for, as players do to go forward', async () => {
  const sound = randomBytes(70_000)
  const [link = ''] = await linksFor('media/audio/001-a.wav')
  await put(link, sound)
  await media('sound', 1, ['media/audio/001-a.wav'], [null])
  const url = `${server.baseUrl}${(await readMedia('sound')).items[0]?.url}`
  const ask = (headers: Record<string, string>) => fetch(url, { headers })
  const part = await ask({ range: 'bytes=65000-' })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe('bytes 65000-69999/70000')
  expect(part.headers.get('content-length')).toBe('5000')
  expect(Buffer.from(await part.arrayBuffer()).equals(sound.subarray(65_000))).toBe(true)
  const whole = await ask({})
  expect([whole.status, whole.headers.get('accept-ranges')]).toEqual([200, 'bytes'])
  const etag = whole.headers.get('etag') ?? ''
  await whole.body?.cancel()
  expect((await ask({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
  /* Replaced since: a part of the new one would not fit the old. */
  await put(link, randomBytes(70_000))
  expect((await ask({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(200)
  expect((await ask({ range: 'bytes=70000-' })).status).toBe(200)
})

test('texts of the oldest SDK stand for themselves, and its paths keep their percent signs', async () => {
  await media('old/text', 1, ['just this, 中文'], [null])
  const text = await readMedia('old/text')
  expect(text).toMatchObject({ kind: 'TEXT', items: [{ text: 'just this, 中文', url: null }] })
  const old = 'old%2Fpicture/image-step4-0123456789abcdef.png'
  const [link = ''] = await linksFor(old)
  await put(link, 'picture')
  await media('old/picture', 4, [old], [null])
  const read = await readMedia('old/picture')
  expect(read).toMatchObject({ kind: 'IMAGE', items: [{ bytes: 7, text: null }] })
})

test.each([
  ['page.html', '<script>alert(1)</script>'],
  ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['feed.xml', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'],
  ['code.js', 'alert(1)'],
  ['page.HTML', '<b>'],
  ['picture.png', '<script>alert(1)</script>'],
])('%s that comes from a script is never served as something that runs', async (name, content) => {
  const file = `media/html/${name}`
  const [link = ''] = await linksFor(file)
  const sent = await fetch(link, { method: 'PUT', body: content, headers: { 'content-type': 'text/html' } })
  expect(sent.status).toBe(200)
  await media(name, 1, [file], [null])
  const read = await readLink((await readMedia(name)).items[0]!.url)
  expect(read.status).toBe(200)
  expect(read.headers.get('content-type')).toMatch(/^(application\/octet-stream|image\/png)$/)
  expect(read.headers.get('content-disposition')).toMatch(/^attachment;/)
  expect(read.headers.get('x-content-type-options')).toBe('nosniff')
  expect(read.headers.get('content-security-policy')).toContain('sandbox')
})

test('a link opens one thing in one way, for as many bytes as were announced', async () => {
  const { body } = await wire.post(`/experiment/${run.cuid}/files/prepare`, {
    files: [{ path: 'small.txt', size: 5, md5: 'x', mimeType: 'text/plain' }],
  })
  const [link = ''] = body.urls as string[]
  expect((await put(link, '123456')).status).toBe(413)
  expect((await fetch(link)).status).toBe(403)
  const url = new URL(link)
  for (const [name, value] of [
    ['bytes', '50'],
    ['expires', String(Date.now() + 10 ** 9)],
    ['signature', '0'.repeat(64)],
  ] as const) {
    const changed = new URL(url)
    changed.searchParams.set(name, value)
    expect((await put(changed.href, '123')).status, name).toBe(403)
  }
  const [other = ''] = await linksFor('media/other.txt')
  expect((await put(other.replace(/objects\/[^?]+/, url.pathname.slice(5)), '1')).status).toBe(403)
  expect((await put(link, '12345')).status).toBe(200)
  const { items } = await person.client.call('tracking.files', { params: { id }, query: {} })
  expect(items.find((file) => file.path === 'small.txt')).toMatchObject({ bytes: 5, state: 'stored' })
})

test('a large file comes in parts, in any order and twice, and is put together once', async () => {
  const whole = randomBytes(300_000)
  const files = [{ path: 'deep/big.bin', size: whole.length, md5: 'x', mimeType: 'x', count: 3 }]
  const prepared = await wire.post(`/experiment/${run.cuid}/files/prepare-multipart`, { files })
  const [upload] = prepared.body.files as { uploadId: string; parts: { partNumber: number; url: string }[] }[]
  expect(upload!.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3])
  const complete = () =>
    wire.post(`/experiment/${run.cuid}/files/complete-multipart`, {
      files: [{ path: 'deep/big.bin', uploadId: upload!.uploadId, parts: [] }],
    })
  const send = (part: number) =>
    put(upload!.parts[part - 1]!.url, whole.subarray((part - 1) * 100_000, part * 100_000))
  await send(3)
  await send(1)
  const early = await complete()
  expect({ status: early.status, code: early.body.code }).toEqual({
    status: 409,
    code: 'tracking.parts-missing',
  })
  await send(1)
  expect((await send(2)).headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/)
  const before = countFiles()
  expect((await complete()).status).toBe(201)
  expect(countFiles()).toBe(before - 2)
  expect((await complete()).status).toBe(201)
  const { items } = await person.client.call('tracking.files', { params: { id }, query: {} })
  const read = await readLink(items.find((file) => file.path === 'deep/big.bin')!.url)
  expect(Buffer.from(await read.arrayBuffer()).equals(whole)).toBe(true)
  expect(await sql(server, 'select upload_id from tracked_upload_part')).toEqual([])
})

test('what cannot be kept is refused in words before it is sent', async () => {
  const prepare = (file: object) =>
    wire.post(`/experiment/${run.cuid}/files/prepare`, { files: [{ size: 1, md5: '', ...file }] })
  for (const [file, status, code] of [
    [{ path: '../../etc/passwd' }, 422, 'tracking.bad-path'],
    [{ path: '/etc/passwd' }, 422, 'tracking.bad-path'],
    [{ path: 'x'.repeat(9000) }, 422, 'tracking.bad-path'],
    [{ path: 'huge.bin', size: 2 ** 40 }, 413, 'tracking.file-too-large'],
  ] as const) {
    const answer = await prepare(file)
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
    expect(String(answer.body.message).length).toBeGreaterThan(20)
  }
  const links = await linksFor('../up.png', 'media/good.png')
  for (const link of links) expect((await put(link, 'x')).status).toBe(200)
  const rows = await sql(server, "select path from tracked_file where path like '%up.png'")
  expect(rows).toEqual([])
})

test('a file that failed is listed as such; pages of files follow each other', async () => {
  const files = ['f1', 'f2', 'f3'].map((name) => ({ path: name, size: 1, md5: '' }))
  const { body } = await wire.post(`/experiment/${run.cuid}/files/prepare`, { files })
  await put((body.urls as string[])[0]!, '1')
  await wire.post(`/experiment/${run.cuid}/files/complete`, {
    files: [
      { path: 'f1', state: 'UPLOADED' },
      { path: 'f2', state: 'FAILED' },
    ],
  })
  const seen: Record<string, string> = {}
  for (let cursor: string | undefined; ;) {
    const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) }
    const page = await person.client.call('tracking.files', { params: { id }, query })
    for (const file of page.items) seen[file.path] = file.state
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(seen).toMatchObject({ f1: 'stored', f2: 'failed', f3: 'expected' })
})

test("another's run shows nothing of its media and files, and takes none", async () => {
  const other = await makeUser(server, admin, 'member')
  const params = { id }
  for (const name of ['tracking.mediaSeries', 'tracking.files'] as const)
    expect((await other.client.send(name, { params })).status).toBe(404)
  expect((await other.client.send('tracking.media', { params, query: { key: 'note' } })).status).toBe(404)
  const strange = await openWire(server.baseUrl, other.client)
  const answer = await strange.post('/resources/presigned/put', {
    experimentId: run.cuid,
    paths: ['media/x.png'],
  })
  expect(answer.status).toBe(200)
  await put((answer.body.urls as string[])[0]!, 'stolen place')
  expect(await sql(server, "select id from tracked_file where path = 'media/x.png'")).toEqual([])
  const read = await strange.post('/resources/presigned/get', {
    prefix: `${run.projectId}/${run.cuid}`,
    paths: ['media/text/001-a.txt'],
  })
  expect(read.status).toBe(404)
})
