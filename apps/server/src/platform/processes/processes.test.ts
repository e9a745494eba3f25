import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createProcesses, ProcessLog } from './index.ts'
import type { ProcessIdentity } from './index.ts'

const root = path.resolve(import.meta.dirname, '../../../../..')
const processes = createProcesses(root)
const started: ProcessIdentity[] = []
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'anneal-processes-'))
})
afterEach(async () => {
  for (const identity of started.splice(0)) {
    // The wrapper writes the ending down before the folder goes.
    if (await processes.kill(identity)) await ended()
  }
  await rm(folder, { recursive: true, force: true })
})

async function start(script: string, env: Record<string, string> = {}): Promise<ProcessIdentity> {
  const path_ = process.env.PATH ?? ''
  const options = { folder, python: 'python3', command: 'python3', args: ['-uc', script] }
  const identity = await processes.spawnDetached({ ...options, env: { PATH: path_, ...env } })
  started.push(identity)
  return identity
}

const ended = () => vi.waitUntil(() => processes.readExit(folder), { timeout: 10_000, interval: 20 })

test('the exit code is found by whoever looks later', async () => {
  const identity = await start('print("hello"); raise SystemExit(3)')
  expect(await ended()).toMatchObject({ code: 3, signal: null })
  expect(await processes.isAlive(identity)).toBe(false)
  const { lines, total } = await new ProcessLog(folder).page({ limit: 10 })
  expect(total).toBe(1)
  expect(lines[0]).toMatchObject({ line: 1, level: 'info', text: 'hello' })
})

test('an identity is pid, start time and boot together', async () => {
  const identity = await start('import time; time.sleep(60)')
  expect(await processes.isAlive(identity)).toBe(true)
  expect(await processes.isAlive({ ...identity, startTime: '1' })).toBe(false)
  expect(await processes.isAlive({ ...identity, bootId: 'another' })).toBe(false)
  expect(await processes.kill({ ...identity, startTime: '1' })).toBe(false)
  expect(await processes.rssBytes(identity.pid)).toBeGreaterThan(1_000_000)
  expect(await processes.readIdentity(folder)).toEqual(identity)
})

test('terminate sends one signal to the process itself', async () => {
  const script =
    'import signal, time\nsignal.signal(15, lambda *_: print("asked"))\nprint("up")\ntime.sleep(1.5)'
  const identity = await start(script)
  const log = new ProcessLog(folder)
  await vi.waitUntil(async () => (await log.page({ limit: 9 })).total === 1, { timeout: 10_000 })
  expect(await processes.terminate(identity)).toBe(true)
  expect(await ended()).toMatchObject({ code: 0 })
  expect((await log.page({ limit: 9 })).lines.map((line) => line.text)).toEqual(['up', 'asked'])
  expect(await processes.terminate(identity)).toBe(false)
})

test('it gets the given environment and nothing of the server', async () => {
  process.env.ANNEAL_TEST_SECRET = 'secret'
  await start('import os; print(sorted(k for k in os.environ if "ANNEAL" in k or k == "MINE"))', {
    MINE: '1',
  })
  await ended()
  delete process.env.ANNEAL_TEST_SECRET
  expect(await readFile(path.join(folder, 'log.txt'), 'utf8')).toContain("['MINE']")
})

test('a command that does not exist is an ending, not an exception', async () => {
  const options = { folder, python: 'python3', command: path.join(folder, 'none'), args: [] }
  const identity = await processes.spawnDetached({ ...options, env: { PATH: process.env.PATH ?? '' } })
  expect(identity.pid).toBe(0)
  expect(await processes.readExit(folder)).toMatchObject({ code: 127 })
  await expect(processes.spawnDetached({ ...options, python: '/nowhere', env: {} })).rejects.toThrow(
    'platform.internal',
  )
})

test('a tail hands over whole lines, goes on from an offset, and follows a replaced file', async () => {
  const file = path.join(folder, 'events.jsonl')
  const lines: string[] = []
  const tail = processes.tailFile(file, { intervalMs: 10_000 }, (more) => lines.push(...more))
  await tail.poll()
  await writeFile(file, 'one\ntwo\nthr')
  await tail.poll()
  expect(lines).toEqual(['one', 'two'])
  const position = tail.position()
  await appendFile(file, 'ee\n')
  await rename(file, file + '.1')
  await writeFile(file, 'four\n')
  await tail.poll()
  expect(lines).toEqual(['one', 'two', 'three', 'four'])
  tail.close()

  const again: string[] = []
  const second = processes.tailFile(file + '.1', { from: position, intervalMs: 10_000 }, (more) =>
    again.push(...more),
  )
  await second.poll()
  expect(again).toEqual(['three'])
  second.close()
  const other = { inode: position.inode + 1, offset: 4 }
  const third = processes.tailFile(file + '.1', { from: other, intervalMs: 10_000 }, (more) =>
    again.push(...more),
  )
  await third.poll()
  expect(again).toEqual(['three', 'one', 'two', 'three'])
  third.close()
})

test('a log is paged from both ends, also once it was turned over', async () => {
  const file = path.join(folder, 'log.txt')
  const line = (number: number) => `${1000 + number}\t${number === 700 ? 'E' : 'O'}\tValueError: ${number}\n`
  const some = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => line(from + index)).join('')
  await writeFile(file, some(1, 600))
  const log = new ProcessLog(folder)
  expect((await log.page({ limit: 2 })).lines.map((entry) => entry.line)).toEqual([599, 600])
  await rename(file, path.join(folder, 'log.1.txt'))
  await writeFile(file, some(601, 900) + '9999\tO\tunfinished')
  const numbers = async (query: { after?: number; before?: number; limit: number }) => {
    const page = await log.page(query)
    for (const entry of page.lines) expect(entry.text).toBe(`ValueError: ${entry.line}`)
    return page.lines.map((entry) => entry.line)
  }
  expect(await numbers({ after: 598, limit: 4 })).toEqual([599, 600, 601, 602])
  expect(await numbers({ before: 3, limit: 10 })).toEqual([1, 2])
  expect(await numbers({ before: 514, limit: 3 })).toEqual([511, 512, 513])
  expect(await numbers({ after: 900, limit: 3 })).toEqual([])
  expect((await log.page({ after: 699, limit: 1 })).lines[0]).toMatchObject({ time: 1700, level: 'error' })
  expect((await log.page({ limit: 1 })).total).toBe(900)
  const seen: number[] = []
  const stop = log.watch(898, (lines) => seen.push(...lines.map((entry) => entry.line)))
  await appendFile(file, '\n')
  await vi.waitUntil(() => seen.length === 3, { timeout: 5000 })
  stop()
  expect(seen).toEqual([899, 900, 901])
  expect((await new ProcessLog(folder).page({ limit: 1 })).total).toBe(901)
})
