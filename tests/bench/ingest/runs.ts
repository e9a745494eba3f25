import type { TestServer } from '../../support/server.ts'

export interface OpenRuns {
  headers: Record<string, string>
  runIds: string[]
  /** Of the administrator. */
  token: string
}

/** A project with runs, made as the SDK makes them. */
export async function openRuns(server: TestServer, count: number): Promise<OpenRuns> {
  const admin = await server.adminClient()
  const { key } = await admin.call('auth.createKey', { body: { name: 'bench', scopes: ['tracking'] } })
  const { workspace } = await admin.call('auth.me')
  const post = async (address: string, headers: Record<string, string>, body: unknown) => {
    const reply = await fetch(`${server.baseUrl}/api${address}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(`${address} answered ${reply.status} ${await reply.text()}`)
    return (await reply.json()) as { sid?: string }
  }
  const { sid = '' } = await post('/login/api_key', { authorization: key }, {})
  const headers = { cookie: `sid=${sid}` }
  await post(`/projects/${workspace}`, headers, { name: 'bench' })
  const runIds = Array.from({ length: count }, (_, at) => `benchrun${at}`)
  for (const cuid of runIds)
    await post(`/project/${workspace}/bench/experiment`, headers, { cuid, name: cuid })
  return { headers, runIds, token: admin.token ?? '' }
}
