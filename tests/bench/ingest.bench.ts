import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../support/ports.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { BatchBody } from './ingest/batches.ts'
import { ingestLoad } from './ingest/load.ts'
import { type OpenRuns, openRuns } from './ingest/runs.ts'
import { type Bench, type BenchRow, cpuMs, onCore, percentile, pinToCore, residentMiB } from './support.ts'

const runs = 8
const pointsPerBatch = 1000
const warmUpMs = 2000
const durationMs = 8000

interface Target {
  pid: number
  port: number
  path: string
  headers: Record<string, string>
  runIds: string[]
  other: { address: string; token: string }
}

/** Asks the server for something else meanwhile, from a process of its own. */
function others({ other }: Target): { measure(): void; stop(): Promise<number[]> } {
  const script = path.join(import.meta.dirname, 'ingest/others.ts')
  const child = fork(script, [other.address, other.token], { execArgv: [] })
  return {
    measure: () => child.send('measure'),
    stop: () =>
      new Promise((resolve, reject) => {
        child.once('message', (latencies) => resolve(latencies as number[]))
        child.once('error', reject)
        child.send('stop')
      }),
  }
}

/** `bytes` is asked once everything is written. */
async function measure(
  name: string,
  target: Target,
  bytes: () => number | Promise<number>,
): Promise<BenchRow> {
  const bodies = target.runIds.map((id, at) => new BatchBody(id, pointsPerBatch, at))
  const beside = others(target)
  const cpuBefore = cpuMs(target.pid)
  const { port, headers } = target
  const load = await ingestLoad(
    { port, path: target.path, headers, bodies, pointsPerBatch, warmUpMs, durationMs },
    () => beside.measure(),
  )
  const cpuUs = ((cpuMs(target.pid) - cpuBefore) * 1000) / load.allPoints
  const rss = residentMiB(target.pid)
  const latencies = await beside.stop()
  return {
    name,
    figures: {
      'points/s': load.points / load.seconds,
      'CPU µs/point': cpuUs,
      'bytes/point': (await bytes()) / load.allPoints,
      'batch p50 ms': percentile(load.latencies, 0.5),
      'batch p99 ms': percentile(load.latencies, 0.99),
      'others p50 ms': percentile(latencies, 0.5),
      'others p99 ms': percentile(latencies, 0.99),
      'RSS MiB': rss,
    },
  }
}

function sizeOf(...files: string[]): number {
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}

async function floor(folder: string): Promise<BenchRow> {
  const port = await freePort()
  const file = path.join(folder, 'floor')
  const script = path.join(import.meta.dirname, 'ingest/floor.ts')
  const [command = process.execPath, ...args] = [...onCore(0), process.execPath, script, file, String(port)]
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore' })
  const address = `http://127.0.0.1:${port}/`
  try {
    await until(async () => (await fetch(address)).ok, { timeoutMs: 10_000, what: 'the floor' })
    const runIds = Array.from({ length: runs }, (_, at) => `run-${at}`)
    const target = {
      pid: child.pid ?? 0,
      port,
      path: '/',
      headers: {},
      runIds,
      other: { address, token: '' },
    }
    return await measure('floor (node:http, parse, one file)', target, () => sizeOf(file))
  } finally {
    child.kill('SIGKILL')
  }
}

const targetOf = (server: TestServer, { headers, runIds, token }: OpenRuns): Target => ({
  pid: server.pid,
  port: server.port,
  path: '/api/house/metrics',
  headers,
  runIds,
  other: { address: `${server.baseUrl}/api/v1/models`, token },
})

/** Points over the wire, one server on one core, on SQLite, beside a floor in the same run. */
export const bench: Bench = async () => {
  pinToCore(1)
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-bench-'))
  const rows: BenchRow[] = []
  const server = await startServer({ database: 'sqlite', wrapper: onCore(0), timeoutMs: 60_000 })
  try {
    rows.push(await floor(folder))
    const target = targetOf(server, await openRuns(server, runs))
    const file = path.join(server.dataFolder, 'points.db')
    /* Stopped, so that all of it lies in the file itself. */
    const size = async () => {
      await server.stop()
      return sizeOf(file)
    }
    rows.push(await measure('SQLite, on one core', target, size))
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const notes = [
    `${runs} runs, each sending its next batch of ${pointsPerBatch} points over 10 series once the last is stored; others: a list of models 50 times a second from a process beside the load, on the other core.`,
  ]
  return { rows, notes }
}
