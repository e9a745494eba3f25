import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { DatabaseKind } from '../support/database.ts'
import { freePort } from '../support/ports.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { fill } from './requests/fill.ts'
import { type BenchUser, mixOf } from './requests/mix.ts'
import {
  type Bench,
  type BenchRow,
  type LoadResult,
  closedLoop,
  cpuMs,
  onCore,
  pinToCore,
  residentMiB,
} from './support.ts'

const users = 200
const conversations = 10_000
const messages = 40
const measuredMs = 8000
const warmUpMs = 3000
const password = 'a password of the bench, long enough'

interface Measured {
  load: LoadResult
  cpuUs: number
  rssMiB: number
}

async function measure(
  pid: number,
  port: number,
  next: Parameters<typeof closedLoop>[0]['next'],
): Promise<Measured> {
  let from = 0
  let sent = 0
  const load = await closedLoop({
    host: '127.0.0.1',
    port,
    users,
    durationMs: measuredMs,
    warmUpMs,
    next: (user, sequence) => {
      sent += 1
      if (sent === 1) from = cpuMs(pid)
      return next(user, sequence)
    },
  })
  /* CPU of the whole run, warm-up too, by all that was sent: the shares are the same. */
  return { load, cpuUs: ((cpuMs(pid) - from) * 1000) / sent, rssMiB: residentMiB(pid) }
}

function rowOf(name: string, { load, cpuUs, rssMiB }: Measured, floorUs?: number): BenchRow {
  const errors = Object.entries(load.statuses).filter(([status]) => Number(status) >= 300)
  return {
    name,
    figures: {
      'CPU µs/request': cpuUs,
      '× floor': floorUs === undefined ? 1 : cpuUs / floorUs,
      'requests/s': load.perSecond,
      'mean ms': load.meanMs,
      'p99 ms': load.p99Ms,
      'RSS MiB': rssMiB,
      refused: errors.map(([status, count]) => `${count}×${status}`).join(' ') || 0,
    },
  }
}

async function prepare(
  kind: DatabaseKind,
): Promise<{ server: TestServer; users: BenchUser[]; userIds: string[] }> {
  const server = await startServer({ database: kind, wrapper: onCore(0), timeoutMs: 60_000 })
  const admin = await server.adminClient()
  const connection = await admin.call('models.createConnection', {
    body: { name: 'bench', provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:9/v1' },
  })
  const modelIds: string[] = []
  for (let number = 0; number < 10; number++) {
    const model = await admin.call('models.create', {
      body: { name: `model ${number}`, connectionId: connection.id, providerModel: `model-${number}` },
    })
    modelIds.push(model.id)
  }
  const userIds: string[] = []
  for (let number = 0; number < users; number++) {
    const body = { email: `user${number}@bench.example`, role: 'member' as const, password }
    userIds.push((await admin.call('auth.createUser', { body })).id)
  }
  await server.stop()
  const url = server.databaseUrl ?? `sqlite:${path.join(server.dataFolder, 'anneal.db')}`
  const { byUser } = await fill({
    url,
    dataFolder: server.dataFolder,
    userIds,
    modelIds,
    conversations,
    messages,
  })
  await server.restart()
  const signedIn: BenchUser[] = []
  for (const [number, own] of byUser.entries()) {
    const client = server.client()
    await client.signIn(`user${number}@bench.example`, password)
    signedIn.push({ token: client.token ?? '', conversations: own })
  }
  return { server, users: signedIn, userIds }
}

async function measureFloor(
  file: string,
  all: readonly BenchUser[],
  userIds: readonly string[],
): Promise<Measured> {
  const port = await freePort()
  const script = path.join(import.meta.dirname, 'requests/floor.ts')
  const [command = process.execPath, ...args] = [...onCore(0), process.execPath, script, file, String(port)]
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore' })
  const floorUsers = all.map((user, number) => ({ ...user, token: userIds[number] ?? '' }))
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${port}/models`)).ok, {
      timeoutMs: 10_000,
      what: 'the floor',
    })
    return await measure(child.pid ?? 0, port, mixOf(floorUsers, { prefix: '', token: false }))
  } finally {
    child.kill('SIGKILL')
  }
}

/** The request mix on each database, on one core, beside an unsafe floor on the same SQLite data. */
export const bench: Bench = async () => {
  pinToCore(1)
  const rows: BenchRow[] = []
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-bench-'))
  let floorUs: number | undefined
  try {
    for (const kind of ['sqlite', 'mysql', 'postgres'] as const) {
      const { server, users: all, userIds } = await prepare(kind)
      try {
        if (kind === 'sqlite') {
          await server.stop()
          const copy = path.join(folder, 'floor.db')
          copyFileSync(path.join(server.dataFolder, 'anneal.db'), copy)
          const floor = await measureFloor(copy, all, userIds)
          floorUs = floor.cpuUs
          rows.push(rowOf('floor (node:http, SQLite)', floor))
          await server.restart()
        }
        const measured = await measure(
          server.pid,
          server.port,
          mixOf(all, { prefix: '/api/v1', token: true }),
        )
        rows.push(rowOf(kind, measured, floorUs))
        for (const [name, { meanMs, p99Ms, count }] of Object.entries(measured.load.kinds)) {
          rows.push({ name: `  ${kind} ${name}`, figures: { count, 'mean ms': meanMs, 'p99 ms': p99Ms } })
        }
      } finally {
        await server.close()
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const notes = [
    `${users} users in a closed loop on one core over ${conversations} conversations of ${messages} messages, pages of 30; load on the other core; database servers unpinned.`,
  ]
  return { rows, notes }
}
