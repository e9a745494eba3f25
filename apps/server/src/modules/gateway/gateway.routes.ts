import { handlers } from '../../platform/http/index.ts'
import { completeChat } from './complete-chat.ts'
import { embedTexts } from './embed-texts.ts'
import { listCalls } from './list-calls.ts'
import { getGatewayModel, listGatewayModels } from './list-models.ts'

export const gatewayRoutes = handlers('gateway', {
  'gateway.models': (ctx) => listGatewayModels(ctx),
  'gateway.model': (ctx, { params }) => getGatewayModel(ctx, params.model),
  'gateway.chat': (ctx, { body }, io) => completeChat(ctx, body, io),
  'gateway.embeddings': (ctx, { body }, io) => embedTexts(ctx, body, io),
  'gateway.calls': (ctx, { query }) => listCalls(ctx, query),
})
