import { rootBaseUrl } from '../http/base-url.ts'
import { getJson } from '../http/get-json.ts'
import { streamCall } from '../http/stream-call.ts'
import { asArray, asRecord, asString } from '../json.ts'
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
import { LineReader } from './line-reader.ts'
import { requestBody } from './request-body.ts'

/** Ollama itself knows no key; a proxy in front of it may. */
const headersFor = ({ apiKey }: Connection): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'application/x-ndjson, application/json',
  'accept-encoding': 'identity',
  ...(apiKey && { authorization: `Bearer ${apiKey}` }),
})

const stream = (request: ChatRequest, context: StreamContext): Promise<void> => {
  const { connection, model, reasoningProfile: profile } = request
  const assembler = new MessageAssembler({ profile, emit: context.emit, now: context.now })
  return streamCall({
    url: `${rootBaseUrl(connection.baseUrl)}/api/chat`,
    headers: headersFor(connection),
    body: requestBody(request, warnTo(context.emit)),
    requested: { apiKey: connection.apiKey, model },
    reader: new LineReader(assembler, connection.apiKey),
    assembler,
    context,
  })
}

const listModels = async (connection: Connection, context: CallContext): Promise<ListedModel[]> => {
  const url = `${rootBaseUrl(connection.baseUrl)}/api/tags`
  const json = await getJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.models).flatMap((value) => {
    const model = asRecord(value)
    const id = asString(model?.name) ?? asString(model?.model)
    return id === undefined ? [] : [{ id }]
  })
}

/** Ollama's own `/api/chat`, whose lines carry thinking apart. */
export const ollama: Provider = { kind: 'ollama', stream, listModels }
