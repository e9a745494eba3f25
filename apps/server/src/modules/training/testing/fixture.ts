import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Role, RouteReply } from '@anneal/contract'
import type { Client } from '../../../../../../tests/support/client.ts'
import type { TestServer } from '../../../../../../tests/support/server.ts'
import { startServer } from '../../../../../../tests/support/server.ts'
import { until } from '../../../../../../tests/support/until.ts'
import type { ProcessIdentity } from '../../../platform/processes/index.ts'
import { createProcesses } from '../../../platform/processes/index.ts'
import { addFakeEngine } from './fake-engine.ts'

export type Run = RouteReply<'training.get'>
export type Deployment = RouteReply<'deployments.get'>

const WAIT_MS = 20_000
const root = path.resolve(import.meta.dirname, '../../../../../..')
export const processes = createProcesses(root)

/** A server with an engine that is none, a dataset, and people of each role. */
export class EngineFixture {
  readonly server: TestServer
  readonly folder: string
  admin: Client
  datasetId = ''

  private constructor(server: TestServer, folder: string, admin: Client) {
    this.server = server
    this.folder = folder
    this.admin = admin
  }

  static async open(): Promise<EngineFixture> {
    const folder = await mkdtemp(path.join(tmpdir(), 'anneal-fake-engine-'))
    await addFakeEngine(folder)
    const server = await startServer({ dataFolder: folder })
    const fixture = new EngineFixture(server, folder, await server.adminClient())
    fixture.datasetId = (await fixture.admin.call('datasets.addSample')).id
    const params = { id: fixture.datasetId }
    const isChecked = async () => (await fixture.admin.call('datasets.get', { params })).state === 'ready'
    await until(isChecked, { timeoutMs: WAIT_MS, what: 'the check of the sample' })
    return fixture
  }

  async close(): Promise<void> {
    const { items } = await this.admin.call('deployments.list')
    for (const { id } of items) await this.admin.call('deployments.stop', { params: { id } })
    for (const { id } of items) await this.deployment(id, (one) => ['stopped', 'failed'].includes(one.state))
    await this.server.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  async person(role: Role, name: string): Promise<Client> {
    const email = `${name}@example.com`
    const password = 'a long password of one’s own'
    await this.admin.call('auth.createUser', { body: { email, name, role, password } })
    const client = this.server.client()
    await client.signIn(email, password)
    return client
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL', between?: () => Promise<unknown>): Promise<void> {
    await this.server.stop(signal)
    await between?.()
    await this.server.start()
    this.admin = await this.server.adminClient()
  }

  start(
    name: string,
    steps: number,
    more: {
      client?: Client
      lora?: boolean
      visibility?: 'private' | 'everyone'
      resumeFrom?: { trainingRunId: string; checkpointId: string }
    } = {},
  ): Promise<Run> {
    return (more.client ?? this.admin).call('training.start', {
      body: {
        name,
        steps,
        datasetId: this.datasetId,
        baseModel: { kind: 'starter' },
        tuning: more.lora ? { kind: 'lora' } : { kind: 'full' },
        visibility: more.visibility ?? 'private',
        ...(more.resumeFrom && { resumeFrom: more.resumeFrom }),
      },
    })
  }

  run(id: string, holds: (run: Run) => boolean): Promise<Run> {
    return this.wait('the run', holds, () => this.admin.call('training.get', { params: { id } }))
  }

  ended(id: string): Promise<Run> {
    return this.run(id, (run) => run.endedAt !== null)
  }

  deployment(id: string, holds: (one: Deployment) => boolean): Promise<Deployment> {
    return this.wait('the deployment', holds, () => this.admin.call('deployments.get', { params: { id } }))
  }

  /** The process whose files lie in this folder of the data folder. */
  async identity(folder: string): Promise<ProcessIdentity> {
    return until(() => processes.readIdentity(path.join(this.folder, folder)), { what: 'a process' })
  }

  private wait<T>(what: string, holds: (value: T) => boolean, read: () => Promise<T>): Promise<T & {}> {
    const look = async () => {
      const value = await read()
      return holds(value) ? value : null
    }
    return until(look, { timeoutMs: WAIT_MS, everyMs: 50, what }) as Promise<T & {}>
  }
}
