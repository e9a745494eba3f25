import type { KeyScope } from '@anneal/contract'
import type { Client } from '../../support/client.ts'
import { noteSecret } from '../../support/secrets-used.ts'
import { unique } from './world.ts'

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Headers
}

/** SwanLab's protocol spoken by hand, call by call. */
export class Wire {
  readonly baseUrl: string
  sid = ''
  workspace = ''

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl
  }

  async login(key: string): Promise<Answer> {
    const answer = await this.call('POST', '/login/api_key', undefined, { authorization: key })
    const { sid, userInfo } = answer.body as { sid?: string; userInfo?: { username: string } }
    this.sid = sid ?? ''
    noteSecret(sid)
    this.workspace = userInfo?.username ?? ''
    return answer
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { cookie: `sid=${this.sid}` },
  ): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}/api${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      body: (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>,
      headers: response.headers,
    }
  }

  get = (path: string) => this.call('GET', path)
  post = (path: string, body: unknown) => this.call('POST', path, body)
  put = (path: string, body: unknown) => this.call('PUT', path, body)

  /** A project and a run in it, as SDK 0.10 makes them. */
  async run(given: { project?: string; cuid?: string } = {}): Promise<WireRun> {
    const project = given.project ?? unique('project')
    await this.post(`/projects/${this.workspace}`, { name: project, visibility: 'PRIVATE' })
    const { body } = await this.get(`/project/${this.workspace}/${project}`)
    const path = `/project/${this.workspace}/${project}`
    const made = await this.post(`${path}/experiment`, {
      name: 'run',
      ...(given.cuid === undefined ? {} : { cuid: given.cuid }),
    })
    return { project, projectId: String(body.cuid), cuid: String(made.body.cuid), path }
  }

  metrics(run: WireRun, type: 'scalar' | 'media' | 'log', metrics: unknown[]): Promise<Answer> {
    return this.post('/house/metrics', {
      type,
      projectId: run.projectId,
      experimentId: run.cuid,
      metrics,
    })
  }
}

export interface WireRun {
  project: string
  /** What the SDK is told as the project's id. */
  projectId: string
  cuid: string
  path: string
}

export async function newKey(client: Client, scopes: KeyScope[] = ['tracking']) {
  return client.call('auth.createKey', { body: { name: unique('wire'), scopes } })
}

/** A person's wire, logged in with a key of its own. */
export async function openWire(baseUrl: string, client: Client): Promise<Wire & { keyId: string }> {
  const { key, id } = await newKey(client)
  const wire = new Wire(baseUrl)
  await wire.login(key)
  return Object.assign(wire, { keyId: id })
}
