import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { type HandlerIo, OpenReply } from '../../platform/http/index.ts'
import { type DirectRequest, callModel } from '../generations/index.ts'
import { AnswerReader } from './answer-reader.ts'
import { completionOf } from './chat-reply.ts'
import {
  type ChatBody,
  messagesOf,
  parametersOf,
  responseFormatOf,
  restOf,
  toolChoiceOf,
  toolsOf,
} from './chat-request.ts'
import { modelFor } from './model-for.ts'
import { promptFor } from './prompt-for.ts'
import { streamAnswer } from './stream-answer.ts'
import { warningsHeader } from './warnings-header.ts'

async function requestOf(
  ctx: Context,
  body: ChatBody,
): Promise<{ request: DirectRequest; ignored: string[] }> {
  if (body.n != null && body.n !== 1) throw new AppError('gateway.one-choice')
  const model = await modelFor(ctx, body.model)
  if (model.kind === 'embedding') throw new AppError('gateway.not-for-chat', { name: model.name })
  const prompt = body.anneal_prompt ? await promptFor(ctx, body.anneal_prompt) : null
  const tools = toolsOf(body)
  const toolChoice = toolChoiceOf(body.tool_choice)
  const responseFormat = responseFormatOf(body.response_format)
  const { extra, ignored } = restOf(body)
  const request: DirectRequest = {
    model,
    messages: [
      ...(prompt ? [{ role: 'system' as const, content: prompt.text }] : []),
      ...messagesOf(body.messages),
    ],
    parameters: parametersOf(body),
    promptVersionId: prompt?.versionId ?? null,
    ...(tools ? { tools } : {}),
    ...(toolChoice ? { toolChoice } : {}),
    ...(responseFormat ? { responseFormat } : {}),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
    via: 'gateway',
  }
  return { request, ignored }
}

/** Answers in OpenAI's shape, whole or as a stream. A caller who hangs up ends the call of the provider. */
export async function completeChat(ctx: Context, body: ChatBody, io: HandlerIo) {
  const { request, ignored } = await requestOf(ctx, body)
  if (io.signal.aborted) throw new AppError('gateway.caller-gone')
  const live = callModel(ctx, request)
  const reader = new AnswerReader(live, io.signal)
  const isWhole = !body.stream
  await (isWhole ? reader.ended : reader.begun)
  if (io.signal.aborted) throw new AppError('gateway.caller-gone')
  if (reader.failedEarly) throw reader.failure()
  const warnings = warningsHeader(live.warnings, ignored)
  if (warnings !== '') io.setHeader('x-anneal-warnings', warnings)
  const name = request.model.name
  if (isWhole) {
    if (reader.failed) throw reader.failure()
    return completionOf(live, name)
  }
  const includeUsage = body.stream_options?.include_usage === true
  return new OpenReply((response, headers) =>
    streamAnswer(ctx, { response, headers, reader, model: name, includeUsage }),
  )
}
