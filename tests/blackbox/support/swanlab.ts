import { randomUUID } from 'node:crypto'
import type { Client } from '../../support/client.ts'
import type { TestServer } from '../../support/server.ts'
import { sql } from './sql.ts'
import { unique } from './world.ts'

export interface Scalar {
  key: string
  index: number
  data: number | string
}

/** A run of the SwanLab protocol, spoken without the SDK; `id` is what the product calls it. */
export async function swanlabSession(server: TestServer, client: Client) {
  const { key } = await client.call('auth.createKey', {
    body: { name: unique('swanlab'), scopes: ['tracking'] },
  })
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.baseUrl}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Record<string, string>
  }
  const login = await post('/login/api_key', {}, { authorization: key })
  const cookie = `sid=${login.sid}`
  const { workspace } = await client.call('auth.me')
  const project = unique('project')
  const cuid = randomUUID().replaceAll('-', '')
  await post(`/projects/${workspace}`, { name: project, visibility: 'PRIVATE' }, { cookie })
  await post(`/project/${workspace}/${project}/experiment`, { name: 'run', cuid }, { cookie })
  const [row] = await sql(server, 'select id from tracked_run where cuid = ?', [cuid])
  return {
    id: String(row?.id),
    /** A batch as it is: a repeat of it says the same. */
    batch: (type: 'scalar' | 'log', metrics: readonly object[]) =>
      post('/house/metrics', { type, projectId: project, experimentId: cuid, metrics }, { cookie }),
    metrics: (scalars: Scalar[]) =>
      post(
        '/house/metrics',
        {
          type: 'scalar',
          projectId: project,
          experimentId: cuid,
          metrics: scalars.map((scalar) => ({ ...scalar, create_time: new Date().toISOString() })),
        },
        { cookie },
      ),
  }
}
