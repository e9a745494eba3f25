import type { Language } from '@anneal/contract'
import { AppError } from '../errors.ts'
import type { ErrorBody } from './error-body.ts'
import { errorText } from './catalogue.ts'
import { fieldErrors } from './field-problem.ts'
import { openAiError } from './openai-error.ts'

export type Dialect = 'problem' | 'swanlab' | 'openai'

function problem(error: AppError, language: Language, requestId: string): ErrorBody {
  const { status, code, params } = error
  const { title, detail } = errorText(language, code, { ...params, requestId })
  const body = {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    params,
    requestId,
    errors: fieldErrors(error, language),
    ...error.extra,
  }
  return { status, type: 'application/problem+json; charset=utf-8', body: JSON.stringify(body) }
}

/** The one mapper from an error to what is sent, in the shape that the asker's kind of client reads. */
export function errorBody(
  error: AppError,
  dialect: Dialect,
  language: Language,
  requestId: string,
): ErrorBody {
  if (dialect === 'problem') return problem(error, language, requestId)
  if (dialect === 'openai') return openAiError(error, language, requestId)
  const { title, detail } = errorText(language, error.code, { ...error.params, requestId })
  const body = { code: error.code, message: `${title}: ${detail}` }
  return { status: error.status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}

/** What an error means to the asker; anything that no one foresaw is `platform.internal`. */
export function asAppError(error: unknown, bodyLimit: number): AppError {
  if (error instanceof AppError) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('platform.body-too-large', { limit: bytes(bodyLimit) })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('platform.unsupported-media-type')
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('platform.bad-json')
    default:
      // What nests so deeply that it cannot be walked was not made by a person.
      if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
        return new AppError('platform.too-deep', {}, { cause: error })
      return isRefusal(error)
        ? new AppError('platform.bad-request', {}, { cause: error })
        : new AppError('platform.internal', {}, { cause: error })
  }
}

/** Fastify's own word that the request is at fault, for whatever reason. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return false
  const { statusCode, code } = error
  return Number(statusCode) >= 400 && Number(statusCode) < 500 && String(code).startsWith('FST_')
}

function bytes(count: number): string {
  return count >= 2 ** 30 ? `${Math.round(count / 2 ** 30)} GB` : `${Math.round(count / 2 ** 20)} MB`
}
