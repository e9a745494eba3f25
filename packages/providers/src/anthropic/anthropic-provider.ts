import { rootBaseUrl } from '../http/base-url.ts'
import { requestJson } from '../http/request-json.ts'
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
import { EventReader } from './event-reader.ts'
import { requestBody } from './request-body.ts'

const headersFor = ({ apiKey }: Connection): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'text/event-stream, application/json',
  'accept-encoding': 'identity',
  'anthropic-version': '2023-06-01',
  ...(apiKey && { 'x-api-key': apiKey }),
})

const stream = (request: ChatRequest, context: StreamContext): Promise<void> => {
  const { connection, model, reasoningProfile: profile } = request
  const assembler = new MessageAssembler({ profile, emit: context.emit, now: context.now })
  return streamCall({
    url: `${rootBaseUrl(connection.baseUrl)}/v1/messages`,
    headers: headersFor(connection),
    body: requestBody(request, warnTo(context.emit)),
    requested: { apiKey: connection.apiKey, model },
    reader: new EventReader(assembler, connection.apiKey),
    assembler,
    context,
  })
}

const listModels = async (connection: Connection, context: CallContext): Promise<ListedModel[]> => {
  const url = `${rootBaseUrl(connection.baseUrl)}/v1/models?limit=1000`
  const json = await requestJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.data).flatMap((value) => {
    const id = asString(asRecord(value)?.id)
    return id === undefined ? [] : [{ id }]
  })
}

/** Anthropic's Messages, with thinking, its signatures and redacted blocks. */
export const anthropic: Provider = { kind: 'anthropic', stream, listModels }
