import { randomUUID } from 'node:crypto'
import type { Client } from '../../tests/support/client.ts'

interface Scalar {
  key: string
  index: number
  data: number | string
  at: number
}

const mostAtOnce = 10_000

/** Speaks to an instance as a script with `swanlab` does: by an API key, over the same wire. */
export class SdkSession {
  readonly workspace: string
  readonly #baseUrl: string
  readonly #sid: string

  private constructor(baseUrl: string, workspace: string, sid: string) {
    this.#baseUrl = baseUrl
    this.workspace = workspace
    this.#sid = sid
  }

  static async open(client: Client): Promise<SdkSession> {
    const { key } = await client.call('auth.createKey', {
      body: { name: 'Seed of tracking', scopes: ['tracking'] },
    })
    const response = await fetch(`${client.baseUrl}/api/login/api_key`, {
      method: 'POST',
      headers: { authorization: key },
    })
    const { sid, userInfo } = (await response.json()) as { sid: string; userInfo: { username: string } }
    return new SdkSession(client.baseUrl, userInfo.username, sid)
  }

  async send(method: string, path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.#baseUrl}/api${path}`, {
      method,
      headers: { cookie: `sid=${this.#sid}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
    return response.json()
  }

  async project(name: string): Promise<string> {
    await this.send('POST', `/projects/${this.workspace}`, { name, visibility: 'PUBLIC' })
    return name
  }

  async startRun(
    project: string,
    run: { name: string; labels?: readonly string[]; startedAt?: number },
  ): Promise<SdkRun> {
    const cuid = randomUUID().replaceAll('-', '')
    await this.send('POST', `/project/${this.workspace}/${project}/experiment`, {
      name: run.name,
      cuid,
      colors: ['#528d59', '#528d59'],
      labels: (run.labels ?? []).map((name) => ({ name })),
      createdAt: new Date(run.startedAt ?? Date.now()).toISOString(),
    })
    return new SdkRun(this, project, cuid)
  }
}

/** One run of a script. */
export class SdkRun {
  /** The id that the SDK gave it. */
  readonly id: string
  readonly #session: SdkSession
  readonly #path: string

  constructor(session: SdkSession, project: string, id: string) {
    this.#session = session
    this.id = id
    this.#path = `/project/${session.workspace}/${project}/runs/${id}`
  }

  async #metrics(type: string, metrics: readonly unknown[]): Promise<void> {
    for (let from = 0; from < metrics.length; from += mostAtOnce) {
      await this.#session.send('POST', '/house/metrics', {
        type,
        projectId: 'seed',
        experimentId: this.id,
        metrics: metrics.slice(from, from + mostAtOnce),
      })
    }
  }

  /** Configuration is wrapped as the SDK wraps it. */
  profile(profile: { config?: Record<string, unknown>; metadata?: unknown; requirements?: string }) {
    const config =
      profile.config &&
      Object.fromEntries(
        Object.entries(profile.config).map(([key, value], sort) => [key, { value, desc: '', sort }]),
      )
    return this.#session.send('PUT', `${this.#path}/profile`, { ...profile, ...(config ? { config } : {}) })
  }

  scalars(scalars: readonly Scalar[]): Promise<void> {
    return this.#metrics(
      'scalar',
      scalars.map(({ key, index, data, at }) => ({
        key,
        index,
        data,
        create_time: new Date(at).toISOString(),
      })),
    )
  }

  lines(lines: readonly { text: string; at: number; error?: boolean }[]): Promise<void> {
    return this.#metrics(
      'log',
      lines.map(({ text, at, error }, index) => ({
        level: error ? 'ERROR' : 'INFO',
        epoch: index + 1,
        message: text,
        create_time: new Date(at).toISOString(),
      })),
    )
  }

  end(state: 'FINISHED' | 'CRASHED' | 'ABORTED', at = Date.now()): Promise<unknown> {
    return this.#session.send('PUT', `${this.#path}/state`, {
      state,
      finishedAt: new Date(at).toISOString(),
      from: 'sdk',
    })
  }
}
