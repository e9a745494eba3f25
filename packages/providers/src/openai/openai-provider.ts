import { openAiBaseUrl } from '../http/base-url.ts'
import { getJson } from '../http/get-json.ts'
import { streamCall } from '../http/stream-call.ts'
import { asArray, asCount, asRecord, asString } from '../json.ts'
import { MessageAssembler } from '../message-assembler.ts'
import type {
  CallContext,
  ChatRequest,
  Connection,
  ListedModel,
  Provider,
  StreamContext,
} from '../provider.ts'
import { warnTo } from '../warnings.ts'
import { ChunkReader } from './chunk-reader.ts'
import { dialectOf, dialects } from './dialects.ts'
import { requestBody } from './request-body.ts'

const headersFor = ({ apiKey }: Connection): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'text/event-stream, application/json',
  'accept-encoding': 'identity',
  ...(apiKey && { authorization: `Bearer ${apiKey}` }),
})

const stream = (request: ChatRequest, context: StreamContext): Promise<void> => {
  const { connection, model, reasoningProfile: profile } = request
  const assembler = new MessageAssembler({ profile, emit: context.emit, now: context.now })
  const body = requestBody(request, dialects[dialectOf(connection)], warnTo(context.emit))
  return streamCall({
    url: `${openAiBaseUrl(connection.baseUrl)}/chat/completions`,
    headers: headersFor(connection),
    body,
    requested: { apiKey: connection.apiKey, model },
    reader: new ChunkReader(assembler, connection.apiKey),
    assembler,
    context,
  })
}

const listModels = async (connection: Connection, context: CallContext): Promise<ListedModel[]> => {
  const url = `${openAiBaseUrl(connection.baseUrl)}/models`
  const json = await getJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.data).flatMap((value) => {
    const model = asRecord(value)
    const id = asString(model?.id)
    const contextWindow = asCount(model?.max_model_len) ?? asCount(model?.context_length)
    return id === undefined ? [] : [{ id, ...(contextWindow !== undefined && { contextWindow }) }]
  })
}

/** OpenAI's chat completions, as OpenAI itself and most others serve them (`dialects.ts`). */
export const openAiCompatible: Provider = { kind: 'openai-compatible', stream, listModels }
