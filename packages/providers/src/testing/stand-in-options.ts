import type { IncomingMessage } from 'node:http'
import type { JsonRecord } from '../json.ts'
import type { FailMode } from './play.ts'
import type { ScriptedReply, StandInChat } from './script.ts'
import type { StandInKind } from './wire.ts'

export interface PullScript {
  /** Names that the registry does not have. */
  missing?: string[]
  /** Of both layers together; 1,000,000 by default. */
  totalBytes?: number
  /** Lines of progress a layer, and the pause before each. */
  steps?: number
  stepDelayMs?: number
}

export interface StandInOptions {
  /** Which provider it speaks as; `deepseek` if left out. OpenAI itself shows no reasoning, so `openai` sends none. */
  kind?: StandInKind
  /** 0, the default, takes a free one. */
  port?: number
  host?: string
  /** If given, requests without it are answered 401. */
  apiKey?: string
  /** What the list of models names; `stand-in` by default. Any model is answered, listed or not. */
  models?: string[]
  /** Ollama: what `/api/show` says each model can do; chat and tools by default. */
  capabilities?: Record<string, string[]>
  /** Ollama: how `/api/pull` goes. */
  pull?: PullScript
  /** `false` answers the list of models with 404, as servers do that have none. */
  offersModels?: boolean
  reply?(chat: StandInChat): ScriptedReply
  /** Puts the reasoning before the text in `<think>` tags, as servers do that do not split it. */
  reasoningInTags?: boolean
  tokenDelayMs?: number
  firstTokenDelayMs?: number
  /** Cuts what is written at random places that this seed makes repeatable. */
  cutSeed?: number
  /** How it goes wrong; a function is asked for each chat with its number, from 0. */
  fail?: FailMode | ((chat: StandInChat, index: number) => FailMode | undefined)
}

/** One request that came, chats and lists alike. */
export interface StandInRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: JsonRecord | undefined
  /** `performance.now()` when its body was read. */
  receivedAt: number
  /** The reply was written to its end. */
  answered: boolean
  /** The caller went away before the end, and when (`performance.now()`). */
  aborted: boolean
  abortedAt: number | undefined
}

export interface ProviderStandIn {
  /** Without a path, as a person would type it: `http://127.0.0.1:<port>`. */
  url: string
  requests: StandInRequest[]
  /** Changes how it behaves from the next request on. */
  set(options: Omit<StandInOptions, 'kind' | 'port' | 'host'>): void
  close(): Promise<void>
}
