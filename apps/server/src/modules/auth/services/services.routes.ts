import { handlers } from '../../../platform/http/index.ts'
import { createService } from './create-service.ts'
import { listServices } from './list-services.ts'
import { createServiceKey, listServiceKeys, revokeServiceKey } from './service-keys.ts'
import { updateService } from './update-service.ts'

export const serviceHandlers = handlers('service', {
  'service.list': (ctx, { query }) => listServices(ctx, query),
  'service.create': (ctx, { body }) => createService(ctx, body),
  'service.update': (ctx, { params, body }) => updateService(ctx, params.id, body),
  'service.listKeys': (ctx, { params, query }) => listServiceKeys(ctx, params.id, query),
  'service.createKey': (ctx, { params, body }) => createServiceKey(ctx, params.id, body),
  'service.revokeKey': (ctx, { params }) => revokeServiceKey(ctx, params.id, params.keyId),
})
