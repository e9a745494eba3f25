import { rootBaseUrl } from '../http/base-url.ts'
import { requestJson } from '../http/request-json.ts'
import { streamCall } from '../http/stream-call.ts'
import { asArray, asCount, asRecord, asString } from '../json.ts'
import { MessageAssembler } from '../message-assembler.ts'
import type {
  CallContext,
  ChatRequest,
  Connection,
  EmbedRequest,
  Embeddings,
  ListedModel,
  ModelFacts,
  Provider,
  StreamContext,
} from '../provider.ts'
import { warnTo } from '../warnings.ts'
import { vectorsOf } from '../vectors.ts'
import { factsOf } from './facts.ts'
import { headersFor } from './headers.ts'
import { LineReader } from './line-reader.ts'
import { requestBody } from './request-body.ts'

/** The model may have to be loaded first. */
const EMBED_TIMEOUT_MS = 120_000

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
  const json = await requestJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.models).flatMap((value) => {
    const model = asRecord(value)
    const id = asString(model?.name) ?? asString(model?.model)
    return id === undefined ? [] : [{ id }]
  })
}

const describe = async (connection: Connection, model: string, context: CallContext): Promise<ModelFacts> => {
  const url = `${rootBaseUrl(connection.baseUrl)}/api/show`
  const headers = headersFor(connection)
  const { apiKey } = connection
  return factsOf(await requestJson({ method: 'POST', url, headers, apiKey, body: { model }, model }, context))
}

const embed = async (
  connection: Connection,
  { model, input, dimensions }: EmbedRequest,
  context: CallContext,
): Promise<Embeddings> => {
  const json = await requestJson(
    {
      method: 'POST',
      url: `${rootBaseUrl(connection.baseUrl)}/api/embed`,
      headers: headersFor(connection),
      apiKey: connection.apiKey,
      body: { model, input, ...(dimensions !== undefined && { dimensions }) },
      model,
      timeoutMs: EMBED_TIMEOUT_MS,
    },
    context,
  )
  const body = asRecord(json)
  return {
    vectors: vectorsOf(asArray(body?.embeddings), input.length),
    inputTokens: asCount(body?.prompt_eval_count) ?? null,
  }
}

/** Ollama's own `/api/chat`, whose lines carry thinking apart. */
export const ollama: Provider = { kind: 'ollama', stream, listModels, describe, embed }
