import { openAiBaseUrl } from '../http/base-url.ts'
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
  Provider,
  StreamContext,
} from '../provider.ts'
import { vectorsOf } from '../vectors.ts'
import { warnTo } from '../warnings.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ProviderError } from '../provider-error.ts'
import { type Dialect, dialectOf, dialects } from './dialects.ts'
import { listedFacts } from './listed-facts.ts'
import { requestBody } from './request-body.ts'

const EMBED_TIMEOUT_MS = 120_000

const headersFor = ({ apiKey }: Connection): Record<string, string> => ({
  'content-type': 'application/json',
  accept: 'text/event-stream, application/json',
  'accept-encoding': 'identity',
  ...(apiKey && { authorization: `Bearer ${apiKey}` }),
})

const send = (request: ChatRequest, context: StreamContext, dialect: Dialect): Promise<void> => {
  const { connection, model, reasoningProfile: profile } = request
  const assembler = new MessageAssembler({ profile, emit: context.emit, now: context.now })
  return streamCall({
    url: `${openAiBaseUrl(connection.baseUrl)}/chat/completions`,
    headers: headersFor(connection),
    body: requestBody(request, dialect, warnTo(context.emit)),
    requested: { apiKey: connection.apiKey, model },
    reader: new ChunkReader(assembler, connection.apiKey),
    assembler,
    context,
  })
}

/** The server said no to the very field, before anything came. */
const refusesUsage = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.status === 400 || error.status === 422) &&
  /stream_options|include_usage/.test(String(error.params.message))

const stream = async (request: ChatRequest, context: StreamContext): Promise<void> => {
  const dialect = dialects[dialectOf(request.connection)]
  try {
    await send(request, context, dialect)
  } catch (error) {
    if (dialect.streamUsage !== 'try' || !refusesUsage(error)) throw error
    await send(request, context, { ...dialect, streamUsage: false })
  }
}

const listModels = async (connection: Connection, context: CallContext): Promise<ListedModel[]> => {
  const url = `${openAiBaseUrl(connection.baseUrl)}/models`
  const json = await requestJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.data).flatMap((value) => {
    const model = asRecord(value)
    const id = asString(model?.id)
    return model === undefined || id === undefined ? [] : [{ id, ...listedFacts(model) }]
  })
}

const embed = async (
  connection: Connection,
  { model, input, dimensions }: EmbedRequest,
  context: CallContext,
): Promise<Embeddings> => {
  const json = await requestJson(
    {
      method: 'POST',
      url: `${openAiBaseUrl(connection.baseUrl)}/embeddings`,
      headers: headersFor(connection),
      apiKey: connection.apiKey,
      body: { model, input, encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) },
      model,
      timeoutMs: EMBED_TIMEOUT_MS,
    },
    context,
  )
  const body = asRecord(json)
  const rows = asArray(body?.data)
    .map(asRecord)
    .toSorted((a, b) => (asCount(a?.index) ?? 0) - (asCount(b?.index) ?? 0))
  return {
    vectors: vectorsOf(
      rows.map((row) => row?.embedding),
      input.length,
    ),
    inputTokens: asCount(asRecord(body?.usage)?.prompt_tokens) ?? null,
  }
}

/** OpenAI's chat completions, as OpenAI itself and most others serve them (`dialects.ts`). */
export const openAiCompatible: Provider = {
  kind: 'openai-compatible',
  stream,
  listModels,
  embed,
  embedsTokenNumbers: true,
}
