import type { RouteDefinition, RouteName, Routes } from '@anneal/contract'
import { routes } from '@anneal/contract'
import type { Owned } from './resources.ts'
import { resourceRoutes, type Input, type ResourceRoute } from './resource-routes.ts'
import { unique } from './world.ts'

/*
 * One row for each route of the contract: a good input. A new route without its row does not compile, unless it only
 * reads and takes nothing from its address. How to add one:
 * - a route on one resource (`/things/:id`): a line in `resource-routes.ts`: read('thing'), edit('thing', body), …
 * - any other: a line here: `'module.verb': plain({ body: { … } })`, with `says` where a good input is answered
 *   otherwise than well in this world (no engine, no mail).
 * What each asker is answered is computed from the route's permission, scope and `sessionOnly`: nothing to add.
 */

/** What the inputs below may name. */
export interface World {
  /** A model that everyone may call. */
  modelId: string
  datasetId: string
  prompt: string
  workspace: string
  standInUrl: string
}

export interface PlainRoute {
  input: (world: World) => Input
  /** What whoever may call it is answered; a good status where absent. */
  says?: readonly number[]
  /** SwanLab's calls of data: once the key of a session has ended they are answered well, and dropped. */
  dropped?: true
}

type HasParams<P> = P extends `${string}:${string}` ? true : false
/** Routes that read and take nothing from their address have a good input without a row. */
type Bare = {
  [N in RouteName]: Routes[N]['method'] extends 'GET'
    ? HasParams<Routes[N]['path']> extends true
      ? never
      : N
    : never
}[RouteName]
type OfResource = keyof typeof resourceRoutes
type Rows = Record<Exclude<RouteName, Bare | OfResource>, PlainRoute> & Partial<Record<Bare, PlainRoute>>

const NO_ID = '00000000-0000-7000-8000-000000000000'

const plain = (input: Input | ((world: World) => Input) = { body: {} }, ...says: number[]): PlainRoute => ({
  input: typeof input === 'function' ? input : () => input,
  ...(says.length > 0 ? { says } : {}),
})

/** By its params, which lead nowhere: what is asked for is not there. */
const nowhere = (params: Record<string, string>, body?: unknown, ...says: number[]): PlainRoute =>
  plain({ params, ...(body === undefined ? {} : { body }) }, ...(says.length > 0 ? says : [404]))

const token = 'x'.repeat(43)
const password = 'seven wooden boats at sea'
const run = { workspace: 'nobody', project: 'none', run: 'none' }
const project = { workspace: 'nobody', project: 'none' }
const experiment = { experiment: 'none' }
/** What SwanLab's wire says depends on its session; the matrix tells its askers apart by themselves. */
const wire = (params: Record<string, string> = {}, body?: unknown): PlainRoute => ({
  input: ({ workspace }) => ({
    params: 'workspace' in params ? { ...params, workspace } : params,
    ...(body === undefined ? {} : { body }),
  }),
  says: [400, 404, 409, 422],
})
const data = (params: Record<string, string>, body: unknown): PlainRoute => ({
  ...wire(params, body),
  dropped: true,
})

const span = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-31T00:00:00.000Z' }

const signIn = {
  'auth.setUp': plain({ body: { token, email: 'a@example.com', name: 'A', password } }, 409, 410),
  'auth.signIn': plain({ body: { email: 'nobody@example.com', password } }, 401, 429),
  'auth.verifySignIn': plain({ body: { ticket: token, method: 'totp', code: '000000' } }, 401, 404, 410, 422),
  'auth.prepareSignIn': plain({ body: { ticket: token, method: 'passkey' } }, 401, 404, 410, 422),
  'auth.beginPasskeySignIn': plain(),
  'auth.refresh': plain({ body: {} }, 401),
  'auth.signOut': plain({ body: {} }, 204),
  'auth.readLink': plain({ body: { token } }, 404),
  'auth.acceptInvitation': plain({ body: { token, name: 'A', password } }, 404),
  'auth.resetPassword': plain({ body: { token, password } }, 404),
  'auth.updateMe': plain({ body: { language: 'en' } }),
  'auth.changePassword': plain({ body: { current: 'not the password', password } }, 422, 429),
  'auth.createKey': plain(() => ({ body: { name: unique('key') } })),
  'auth.beginProof': plain({ body: {} }, 200, 404, 409, 422),
  'auth.prove': plain({ body: { method: 'password', password: 'not the password' } }, 401, 403, 422, 429),
  'auth.beginTotp': plain({ body: {} }, 200, 403),
  'auth.addTotp': plain({ body: { ticket: token, code: '000000' } }, 403, 404, 410, 422),
  'auth.removeTotp': plain({ body: {} }, 200, 204, 403, 404),
  'auth.beginPasskey': plain({ body: {} }, 200, 403),
  'auth.addPasskey': plain({ body: { ticket: token, name: 'key', response: {} } }, 403, 404, 410, 422),
  'auth.makeRecoveryCodes': plain({ body: {} }, 404),
  'auth.createUser': plain(() => ({
    body: { email: `${unique('made')}@example.com`, role: 'viewer', password },
  })),
  'auth.endOtherSessions': plain(),
  'auth.createInvitation': plain(() => ({
    body: { email: `${unique('asked')}@example.com`, role: 'viewer' },
  })),
  'auth.createRole': plain(() => ({ body: { name: unique('role'), permissions: ['models.read'] } })),
  'auth.updateRole': nowhere({ id: NO_ID }, { version: 1, description: 'changed' }),
  'auth.deleteRole': plain({ params: { id: NO_ID }, query: { version: 1 } }, 404),
  'access.createGroup': plain(() => ({ body: { name: unique('group') } })),
  'people.deletion': nowhere({ id: NO_ID }),
  'people.checkImport': plain({ body: { csv: 'email\na@example.com' } }),
  'people.startImport': plain(() => ({ body: { csv: `email\n${unique('line')}@example.com` } })),
  'people.getImport': nowhere({ id: NO_ID }),
  'people.takeImportResults': nowhere({ id: NO_ID }),
  'people.restoreInvitation': nowhere({ id: NO_ID }),
  // Whoever owns nothing that can be shared has nobody to share it with.
  'access.listSubjects': plain({}, 403),
  'identity.createProvider': plain(
    () => ({
      body: {
        name: unique('provider'),
        issuer: 'https://login.example',
        clientId: 'anneal',
        clientSecret: 'a secret',
      },
    }),
    422,
  ),
  'identity.updateProvider': nowhere({ id: NO_ID }, { version: 1, name: 'changed' }),
  'identity.deleteProvider': nowhere({ id: NO_ID }),
  'identity.testProvider': plain({ body: { issuer: 'https://login.invalid' } }, 422, 502),
  'identity.oidcStart': nowhere({ id: NO_ID }, undefined, 302, 404),
  'identity.oidcCallback': nowhere({ id: NO_ID }, undefined, 302, 404),
  'identity.requestPassword': plain({ body: { email: 'nobody@example.com' } }, 204, 409),
  'identity.register': plain({ body: { email: 'nobody@example.com' } }, 403, 404, 409),
  'identity.confirmRegistration': plain({ body: { token, name: 'A', password } }, 403, 404, 409),
  'identity.testMail': plain({ body: {} }, 409, 502),
  'service.create': plain(() => ({ body: { name: unique('service'), role: 'viewer', groupId: NO_ID } }), 404),
  'service.update': nowhere({ id: NO_ID }, { version: 1, name: 'changed' }),
  'service.listKeys': nowhere({ id: NO_ID }),
  'service.createKey': nowhere({ id: NO_ID }, { name: 'key' }),
  'service.revokeKey': nowhere({ id: NO_ID, keyId: NO_ID }),
} satisfies Partial<Rows>

const product = {
  'platform.events': plain({}),
  'models.createConnection': plain(({ standInUrl }) => ({
    body: { name: unique('connection'), provider: 'ollama', baseUrl: standInUrl },
  })),
  'models.test': plain(({ standInUrl }) => ({
    body: { provider: 'ollama', baseUrl: standInUrl, providerModel: 'x' },
  })),
  'models.offered': plain(({ standInUrl }) => ({ body: { provider: 'ollama', baseUrl: standInUrl } })),
  'models.create': plain({ body: { name: 'none', connectionId: NO_ID, providerModel: 'x' } }, 404),
  'prompts.create': plain(() => ({ body: { name: unique('prompt'), text: 'Hello' } })),
  'prompts.addSample': plain({ body: {} }),
  'prompts.byName': plain(({ prompt }) => ({ params: { name: prompt } }), 409),
  'generations.start': plain(({ modelId }) => ({
    body: { modelId, messages: [{ role: 'user', content: 'Hello' }] },
  })),
  'chat.createConversation': plain({ body: {} }),
  'compare.create': plain(({ modelId }) => ({ body: { panes: [{ modelId }] } })),
  'datasets.upload': plain(() => ({
    query: { name: unique('data') },
    body: `${JSON.stringify({ prompt: 'q', completion: 'a' })}\n`,
  })),
  'datasets.addSample': plain({ body: {} }),
  // There is no Python in this world.
  'training.prepareEngine': plain({ body: {} }, 200, 202, 409, 422, 503),
  'training.start': plain(
    ({ datasetId }) => ({ body: { name: unique('run'), datasetId, baseModel: { kind: 'starter' } } }),
    201,
    409,
    422,
  ),
  'tracking.findProject': nowhere(project),
  'tracking.findRun': nowhere(run),
  'deployments.create': plain(
    { body: { source: { kind: 'base-model', baseModel: { kind: 'starter' } } } },
    201,
    409,
    422,
  ),
  'gateway.model': plain(({ modelId }) => ({ params: { model: modelId } })),
  'gateway.chat': plain(({ modelId }) => ({
    body: { model: modelId, messages: [{ role: 'user', content: 'Hello' }] },
  })),
  'gateway.embeddings': plain(({ modelId }) => ({ body: { model: modelId, input: 'Hello' } }), 200, 400),
  'usage.report': plain({ query: span }),
  'usage.mine': plain({ query: span }),
  'usage.export': plain({ query: span }),
  'home.search': plain({ query: { q: 'hello', query: 'hello', search: 'hello' } }),
  'home.readNotices': plain({ body: {} }),
  'home.dismissChecklist': plain({ body: { dismissed: true } }),
  'admin.verifyAudit': plain({ body: {} }),
  'admin.changeSettings': plain(
    { body: { changes: [{ key: 'no.such', value: null, version: 0 }] } },
    404,
    422,
  ),
} satisfies Partial<Rows>

const swanlab = {
  'swanlab.login': wire({}, {}),
  'swanlab.getProject': wire(project),
  'swanlab.createProject': wire({ workspace: 'nobody' }, { name: 'none', visibility: 'PRIVATE' }),
  'swanlab.createProjectOld': wire({}, { name: 'none' }),
  'swanlab.createExperiment': wire(project, { name: 'run' }),
  'swanlab.summaries': wire({ project: 'none', experiment: 'none' }),
  'swanlab.heartbeat': data(experiment, { flagId: '1' }),
  'swanlab.series': data(project, { series: [] }),
  'swanlab.columns': data(experiment, []),
  'swanlab.metrics': data({}, { type: 'scalar', projectId: 'none', experimentId: 'none', metrics: [] }),
  'swanlab.profile': data(run, { config: {} }),
  'swanlab.state': data(run, { state: 'FINISHED' }),
  'swanlab.presignPut': data({}, { experimentId: 'none', paths: ['media/image/a.png'] }),
  'swanlab.prepareFiles': data(experiment, { files: [{ path: 'a', size: 1, md5: '' }] }),
  'swanlab.completeFiles': data(experiment, { files: [] }),
  'swanlab.prepareMultipart': data(experiment, { files: [] }),
  'swanlab.completeMultipart': data(experiment, { files: [] }),
  'swanlab.putObject': nowhere({ object: 'none' }, 'bytes', 403),
  'swanlab.putPart': nowhere({ object: 'none', part: '1' }, 'bytes', 403),
  'swanlab.getObject': nowhere({ object: 'none' }, undefined, 403),
  'swanlab.projectLink': nowhere(project, undefined, 302),
  'swanlab.runLink': nowhere(run, undefined, 302),
  'swanlab.runChartLink': nowhere(run, undefined, 302),
  'swanlab.apiRunPlainLink': nowhere(run, undefined, 302),
  'swanlab.apiProjectLink': nowhere(project, undefined, 302),
  'swanlab.apiRunLink': nowhere(run, undefined, 302),
  'swanlabApi.groups': wire({ user: 'nobody' }),
  'swanlabApi.group': wire({ workspace: 'nobody' }),
  'swanlabApi.projects': wire({ workspace: 'nobody' }),
  'swanlabApi.deleteProject': wire(project),
  'swanlabApi.runs': wire(project),
  'swanlabApi.chooseRuns': wire(project, {}),
  'swanlabApi.run': wire(run),
  'swanlabApi.deleteRun': wire(run),
  'swanlabApi.deleteRuns': wire(project, { cuids: [] }),
  'swanlabApi.scalarKeys': wire({}, { experiments: [] }),
  'swanlabApi.mediaKeys': wire({}, { experiments: [] }),
  'swanlabApi.scalarAvailability': wire({}, { keys: [], experiments: [] }),
  'swanlabApi.mediaAvailability': wire({}, { keys: [], experiments: [] }),
  'swanlabApi.scalars': wire({}, { projectId: 'none', columns: [] }),
  'swanlabApi.scalarValues': wire({}, { projectId: 'none', columns: [] }),
  'swanlabApi.summaries': wire({}, { experiments: [] }),
  'swanlabApi.media': wire({}, { columns: [] }),
  'swanlabApi.allMedia': wire({}, { columns: [] }),
  'swanlabApi.presignGet': wire({}, { prefix: 'none/none', paths: [] }),
  'swanlabApi.exportScalars': wire({}, { columns: [] }),
  'swanlabApi.exportLog': wire({}, {}),
  'swanlabApi.presignExports': wire({}, { paths: [] }),
  'swanlabApi.getExport': nowhere({ export: 'none' }, undefined, 403, 404),
  'swanlabApi.columns': wire(experiment),
  'swanlabApi.columnCsv': wire(experiment),
} satisfies Partial<Rows>

const rows: Rows = { ...signIn, ...product, ...swanlab }

const nobodys: Owned = {
  id: NO_ID,
  messageId: NO_ID,
  modelId: NO_ID,
  turnId: NO_ID,
  paneId: NO_ID,
  answerId: NO_ID,
  ownConversationId: NO_ID,
}

export interface RouteRow {
  name: RouteName
  definition: RouteDefinition
  input: (world: World) => Input
  says?: readonly number[]
  dropped?: true
}

function rowOf(name: RouteName): RouteRow {
  const definition: RouteDefinition = routes[name]
  const own = (rows as Partial<Record<RouteName, PlainRoute>>)[name]
  if (own) return { name, definition, ...own }
  const ofResource = (resourceRoutes as Partial<Record<RouteName, ResourceRoute>>)[name]
  // One that is not there: what is asked before, whether the asker may at all, is what counts here.
  if (ofResource)
    return {
      name,
      definition,
      input: () => ofResource.input(nobodys),
      says: [404, 409, 422, ...(ofResource.says ?? [])],
    }
  return { name, definition, input: () => ({}) }
}

/** Every route of the contract with a good input. */
export const routeTable: RouteRow[] = (Object.keys(routes) as RouteName[]).map(rowOf)
