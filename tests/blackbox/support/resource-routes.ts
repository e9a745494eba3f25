import type { ResourceAction, RouteName } from '@anneal/contract'
import type { Owned, OwnedKind } from './resources.ts'

export interface Input {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

export interface ResourceRoute {
  kind: OwnedKind
  /** What its caller must be allowed on the resource. */
  action: ResourceAction
  /** The resource has to be deleted for it. */
  deleted?: boolean
  input: (owned: Owned) => Input
  /** What whoever may call it may be answered besides, in a world where it is off. */
  says?: readonly number[]
}

const byId = ({ id }: Owned): Input => ({ params: { id } })
const withBody =
  (body: object) =>
  ({ id }: Owned): Input => ({ params: { id }, body })

/** Of a route for whatever can be shared. */
const ofKind =
  (kind: OwnedKind, body?: object) =>
  ({ id }: Owned): Input => ({ params: { kind, id }, ...(body ? { body } : {}) })

const read = (kind: OwnedKind): ResourceRoute => ({ kind, action: 'read', input: byId })
const edit = (kind: OwnedKind, body?: object): ResourceRoute => ({
  kind,
  action: 'edit',
  input: body ? withBody(body) : byId,
})
const manage = (kind: OwnedKind, body?: object): ResourceRoute => ({
  kind,
  action: 'manage',
  input: body ? withBody(body) : byId,
})
const restore = (kind: OwnedKind): ResourceRoute => ({ kind, action: 'manage', deleted: true, input: byId })

/** Something is done to the newest prompt of a comparison. */
const onTurn = (params: (owned: Owned) => Record<string, string>, body?: object): ResourceRoute => ({
  kind: 'comparison',
  action: 'edit',
  input: (owned) => ({
    params: { id: owned.id, turnId: owned.turnId ?? '', ...params(owned) },
    ...(body ? { body } : {}),
  }),
})

const ofVersion = (action: ResourceAction): ResourceRoute => ({
  kind: 'prompt',
  action,
  input: ({ id }) => ({ params: { id, number: '1' } }),
})

/** Every route that names one resource in its address. A route that is not here fails the suite. */
export const resourceRoutes = {
  'auth.revokeKey': manage('api-key'),
  'auth.renamePasskey': manage('passkey', { name: 'Phone' }),
  'auth.removePasskey': manage('passkey'),
  'auth.removeUserFactors': manage('user'),
  'auth.getUser': read('user'),
  'auth.updateUser': manage('user', { version: 1, name: 'changed' }),
  'auth.createResetLink': manage('user'),
  'auth.listUserSessions': manage('user'),
  'auth.endUserSessions': manage('user'),
  'auth.endSession': manage('session'),
  'people.owned': manage('user'),
  'people.deleteUser': {
    kind: 'user',
    action: 'manage',
    input: ({ id }) => ({ params: { id }, query: { version: 1, owned: 'remove' } }),
  },
  'auth.renewInvitation': manage('invitation'),
  'auth.withdrawInvitation': manage('invitation'),
  'access.getGroup': read('group'),
  'access.updateGroup': manage('group', { version: 1, description: 'changed' }),
  'access.deleteGroup': {
    kind: 'group',
    action: 'manage',
    input: ({ id }) => ({ params: { id }, query: { version: 1 } }),
  },
  'access.restoreGroup': restore('group'),
  'access.listGroupMembers': read('group'),
  'access.changeGroupMembers': edit('group', { add: [], remove: [] }),
  'access.getAccess': { kind: 'dataset', action: 'read', input: ofKind('dataset') },
  'access.setAccess': {
    kind: 'dataset',
    action: 'manage',
    input: ofKind('dataset', { version: 1, visibility: 'everyone', grants: [] }),
  },
  'access.handOver': {
    kind: 'dataset',
    action: 'manage',
    input: (owned) => ofKind('dataset', { version: 1, ownerId: owned.ownerId, keep: null })(owned),
  },
  'access.openOthers': {
    kind: 'conversation',
    says: [403],
    action: 'read',
    input: ofKind('conversation', { reason: 'asked to' }),
  },
  'access.listReadings': { kind: 'conversation', action: 'manage', input: ofKind('conversation') },
  'models.getConnection': read('connection'),
  'models.connectionFailures': read('connection'),
  'models.createMany': {
    kind: 'connection',
    action: 'use',
    input: withBody({ models: [{ providerModel: 'stand-in' }] }),
  },
  'models.localModels': { kind: 'connection', action: 'use', input: byId },
  'models.deleteLocalModel': {
    kind: 'connection',
    action: 'manage',
    input: ({ id }) => ({ params: { id }, query: { name: 'qwen3:8b' } }),
  },
  'models.pulls': read('connection'),
  'models.startPull': { kind: 'connection', action: 'manage', input: withBody({ name: 'qwen3:8b' }) },
  'models.cancelPull': { kind: 'connection', action: 'manage', input: withBody({ name: 'qwen3:8b' }) },
  'models.failures': read('model'),
  'models.updateConnection': edit('connection', { version: 1, visibility: 'everyone' }),
  'models.deleteConnection': manage('connection'),
  'models.restoreConnection': restore('connection'),
  'models.get': read('model'),
  'models.update': edit('model', { version: 1, contextWindow: 1000 }),
  'models.delete': manage('model'),
  'models.restore': restore('model'),
  'generations.get': read('generation'),
  'generations.stream': read('generation'),
  'generations.stop': edit('generation'),
  'chat.getConversation': read('conversation'),
  'chat.updateConversation': edit('conversation', { version: 1, title: 'changed' }),
  'chat.deleteConversation': manage('conversation'),
  'chat.restoreConversation': restore('conversation'),
  'chat.send': edit('conversation', { text: 'Hello', answer: false }),
  'chat.copyConversation': { kind: 'conversation', action: 'use', input: byId },
  'chat.retry': {
    kind: 'conversation',
    action: 'edit',
    input: ({ id, messageId = '', modelId }) => ({ params: { id, messageId }, body: { modelId } }),
  },
  'compare.get': read('comparison'),
  'compare.update': edit('comparison', { version: 1, title: 'changed' }),
  'compare.delete': manage('comparison'),
  'compare.restore': restore('comparison'),
  'compare.send': edit('comparison', { text: 'Hello' }),
  'compare.stop': edit('comparison'),
  'compare.retry': onTurn(({ paneId = '' }) => ({ paneId })),
  'compare.choose': onTurn(({ answerId = '' }) => ({ answerId })),
  'compare.vote': onTurn(() => ({}), { choice: 'tie' }),
  'prompts.get': read('prompt'),
  'prompts.update': edit('prompt', { version: 1, description: 'changed' }),
  'prompts.duplicate': {
    kind: 'prompt',
    action: 'use',
    input: ({ id }) => ({ params: { id }, body: {} }),
  },
  'prompts.delete': manage('prompt'),
  'prompts.restore': restore('prompt'),
  'prompts.versions': read('prompt'),
  'prompts.version': ofVersion('read'),
  'prompts.saveVersion': edit('prompt', { basedOn: 1, text: 'changed' }),
  'prompts.archiveVersion': ofVersion('edit'),
  'prompts.restoreVersion': ofVersion('edit'),
  'prompts.moveLabel': {
    kind: 'prompt',
    action: 'edit',
    input: ({ id }) => ({
      params: { id, label: 'production' },
      body: { from: null, to: 1, reason: 'tried' },
    }),
  },
  'prompts.labelMoves': {
    kind: 'prompt',
    action: 'read',
    input: ({ id }) => ({ params: { id, label: 'production' } }),
  },
  'prompts.uses': read('prompt'),
  'datasets.get': read('dataset'),
  'datasets.rows': read('dataset'),
  'datasets.badRows': read('dataset'),
  'datasets.download': read('dataset'),
  'datasets.update': edit('dataset', { version: 1, visibility: 'everyone' }),
  'datasets.check': edit('dataset'),
  'datasets.delete': manage('dataset'),
  'datasets.restore': restore('dataset'),
  'training.get': read('training-run'),
  'training.log': read('training-run'),
  'training.checkpoints': read('training-run'),
  'training.stop': edit('training-run'),
  'training.retry': { kind: 'training-run', action: 'use', input: withBody({}) },
  'training.delete': manage('training-run'),
  'training.restore': restore('training-run'),
  'tracking.project': read('project'),
  'tracking.projectKeys': read('project'),
  'tracking.runs': read('project'),
  'tracking.updateProject': edit('project', { version: 1, description: 'changed' }),
  'tracking.deleteProject': manage('project'),
  'tracking.restoreProject': restore('project'),
  'tracking.run': read('tracked-run'),
  'tracking.updateRun': edit('tracked-run', { version: 1, name: 'changed' }),
  'tracking.deleteRun': manage('tracked-run'),
  'tracking.restoreRun': restore('tracked-run'),
  'tracking.series': read('tracked-run'),
  'tracking.mediaSeries': read('tracked-run'),
  'tracking.media': {
    kind: 'tracked-run',
    action: 'read',
    input: ({ id }) => ({ params: { id }, query: { key: 'text' } }),
  },
  'tracking.files': read('tracked-run'),
  'tracking.points': {
    kind: 'tracked-run',
    action: 'read',
    input: ({ id }) => ({ params: { id }, query: { keys: 'train/loss' } }),
  },
  'tracking.chart': {
    kind: 'tracked-run',
    action: 'read',
    input: ({ id }) => ({ params: { id }, query: { keys: '["train/loss"]', width: 100 } }),
  },
  'tracking.lines': read('tracked-run'),
  'deployments.get': read('deployment'),
  'deployments.log': read('deployment'),
  'deployments.start': manage('deployment'),
  'deployments.stop': manage('deployment'),
  'deployments.delete': manage('deployment'),
  'deployments.restore': restore('deployment'),
} as const satisfies Partial<Record<RouteName, ResourceRoute>>

/** Routes with an id in their address that leads to nobody's own: roles, identity providers, and service accounts, which a group keeps. */
export const ofNobody: RouteName[] = [
  'people.deletion',
  'people.getImport',
  'people.takeImportResults',
  'people.restoreInvitation',
  'auth.updateRole',
  'auth.deleteRole',
  'identity.updateProvider',
  'identity.deleteProvider',
  'identity.oidcStart',
  'identity.oidcCallback',
  'service.update',
  'service.listKeys',
  'service.createKey',
  'service.revokeKey',
]

const question = [{ role: 'user', content: 'Hello' }]

/** Routes that name a resource in their body or query: by route, and what of it where there is more than one. */
export const references: Record<string, { kind: OwnedKind; input: (owned: Owned) => Input }> = {
  'generations.start': {
    kind: 'model',
    input: ({ id }) => ({ body: { modelId: id, messages: question } }),
  },
  'gateway.chat': {
    kind: 'model',
    input: ({ id }) => ({ body: { model: id, messages: question } }),
  },
  'gateway.embeddings': { kind: 'model', input: ({ id }) => ({ body: { model: id, input: 'Hello' } }) },
  'gateway.model': { kind: 'model', input: ({ id }) => ({ params: { model: id } }) },
  'chat.createConversation': { kind: 'model', input: ({ id }) => ({ body: { modelId: id } }) },
  'chat.updateConversation': {
    kind: 'model',
    input: ({ id, ownConversationId = '' }) => ({
      params: { id: ownConversationId },
      body: { version: 1, modelId: id },
    }),
  },
  'compare.create': { kind: 'model', input: ({ id }) => ({ body: { panes: [{ modelId: id }] } }) },
  'chat.createConversation prompt': {
    kind: 'prompt',
    input: ({ id }) => ({ body: { prompt: { promptId: id, version: 1 } } }),
  },
  'chat.updateConversation prompt': {
    kind: 'prompt',
    input: ({ id, ownConversationId = '' }) => ({
      params: { id: ownConversationId },
      body: { version: 1, prompt: { promptId: id, version: 1 } },
    }),
  },
  'models.create': {
    kind: 'connection',
    input: ({ id }) => ({ body: { name: `of ${id}`, connectionId: id, providerModel: 'x' } }),
  },
  'models.offered': { kind: 'connection', input: ({ id }) => ({ body: { connectionId: id } }) },
  'models.test connection': {
    kind: 'connection',
    input: ({ id }) => ({ body: { connectionId: id, providerModel: 'x' } }),
  },
  'models.test model': { kind: 'model', input: ({ id }) => ({ body: { modelId: id } }) },
}
