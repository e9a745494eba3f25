import type { Readable } from 'node:stream'
import type { ReasoningProfile, StreamEvent } from '@anneal/contract'

export type ProviderKind = 'openai-compatible' | 'anthropic' | 'ollama'

/** What differs between the services that speak OpenAI's chat completions. Left out, it follows from the address. */
export type DialectName = 'openai' | 'deepseek' | 'dashscope' | 'vllm' | 'transformers-serve' | 'generic'

export interface Connection {
  /** With or without a trailing slash or `/v1`. */
  baseUrl: string
  apiKey?: string
  dialect?: DialectName
}

export type ContentPart =
  | { type: 'text'; text: string }
  /** `data` is base64 without a prefix. */
  | { type: 'image'; mediaType: string; data: string }
  /** An address that the provider itself fetches; `detail` as OpenAI names it. */
  | { type: 'image-url'; url: string; detail?: string }

/** One block of earlier reasoning, as `reasoning-end` gave it, for providers that want it back. */
export interface ReasoningBlock {
  text: string
  signature?: string
  redacted?: string
}

export interface ToolCall {
  id: string
  name: string
  /** JSON text. */
  arguments: string
}

export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ContentPart[] }
  | {
      role: 'assistant'
      content: string | ContentPart[]
      reasoning?: ReasoningBlock[]
      toolCalls?: ToolCall[]
    }
  | { role: 'tool'; content: string; toolCallId: string; toolName?: string }

export interface Tool {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>
  /** Whether the arguments must fit the schema; for providers that know it. */
  strict?: boolean
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json-object' }
  | {
      type: 'json-schema'
      name: string
      schema: Record<string, unknown>
      description?: string
      strict?: boolean
    }

export type ReasoningEffort = 'none' | 'low' | 'medium' | 'high'

export interface ChatParameters {
  temperature?: number
  topP?: number
  maxTokens?: number
  stop?: string[]
  seed?: number
  reasoningEffort?: ReasoningEffort
}

export interface ChatRequest {
  connection: Connection
  model: string
  messages: ChatMessage[]
  parameters: ChatParameters
  tools?: Tool[]
  /** Whether the model may, must or must not call tools; left out, the provider decides. */
  toolChoice?: ToolChoice
  responseFormat?: ResponseFormat
  /** Fields of OpenAI's body that have no name here: passed on where OpenAI's wire is spoken, else left out with a warning. */
  extra?: Record<string, unknown>
  reasoningProfile: ReasoningProfile
}

export interface TransportRequest {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
  /** Aborting it destroys the request and the reply's body. */
  signal: AbortSignal
  connectTimeoutMs: number
  headersTimeoutMs: number
  /** `kept`: a redirect is handed back as it is. */
  redirects?: 'kept'
}

export interface TransportReply {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  body: Readable
  /** The address that was connected to, where the transport knows it. */
  remoteAddress?: string
}

/** The way out, given by the caller. Rejects with Node's own network errors (`code`, perhaps within `cause`). */
export interface Transport {
  request(options: TransportRequest): Promise<TransportReply>
}

export interface CallContext {
  transport: Transport
  signal: AbortSignal
}

export interface StreamContext extends CallContext {
  emit(event: StreamEvent): void
  /** From the request to the first piece of reasoning, text or tool call. */
  firstTokenTimeoutMs: number
  /** Between two pieces; keep-alive lines do not count as pieces. */
  idleTimeoutMs: number
  /** Milliseconds on any scale, for durations. */
  now?(): number
}

/** What a model can do; left out where nothing says so. */
export interface ModelCapabilities {
  reasoning?: boolean
  tools?: boolean
  vision?: boolean
  json?: boolean
}

/** Per million tokens, in millionths of a currency. */
export interface ModelPrice {
  currency: string
  inputMicros: number
  cachedInputMicros: number | null
  outputMicros: number
}

/** What is known of a model beside its id; left out where nothing says so. */
export interface ModelFacts {
  kind?: 'chat' | 'embedding'
  /** Tokens. */
  contextWindow?: number
  maxOutput?: number
  capabilities?: ModelCapabilities
  price?: ModelPrice
}

export interface ListedModel extends ModelFacts {
  id: string
}

export interface EmbedRequest {
  model: string
  /** Texts, or texts as the numbers of their tokens. */
  input: string[] | number[][]
  /** Length of the vectors, for models that can shorten them. */
  dimensions?: number
}

export interface Embeddings {
  /** One for each input, in its order. */
  vectors: number[][]
  /** Null where the provider does not count. */
  inputTokens: number | null
}

export interface Provider {
  kind: ProviderKind
  /**
   * Streams one answer. Resolves after `finish` (reason `stopped` when the signal was aborted); rejects with a
   * `ProviderError` after what had come was emitted and open blocks were ended. It never emits `error` itself.
   */
  stream(request: ChatRequest, context: StreamContext): Promise<void>
  /** Rejects with a `ProviderError`; one whose status is 404, 405 or 501 means that no list is offered. */
  listModels(connection: Connection, context: CallContext): Promise<ListedModel[]>
  /** What the provider says of one model, where its list does not. */
  describe?(connection: Connection, model: string, context: CallContext): Promise<ModelFacts>
  /** Vectors of texts. Rejects with a `ProviderError`, or the signal's reason. Absent where the provider makes none. */
  embed?(connection: Connection, request: EmbedRequest, context: CallContext): Promise<Embeddings>
  /** `embed` takes texts as the numbers of their tokens too. */
  embedsTokenNumbers?: true
}
