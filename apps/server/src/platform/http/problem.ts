import type { Language } from '@anneal/contract'
import { AppError } from '../errors.ts'
import { errorText, text } from './catalogue.ts'

export interface ErrorBody {
  status: number
  type: string
  body: string
}

export type Dialect = 'problem' | 'swanlab' | 'openai'

function fieldErrors(error: AppError, language: Language) {
  return error.fields?.map(({ pointer, code, params = {} }) => {
    const type = params.type
    const named =
      typeof type === 'string'
        ? { ...params, type: text(language, `platform.types.${type}`) ?? type }
        : params
    // A module's own code is an error's; it is told by the field that it is about.
    const detail = code.includes('.')
      ? errorText(language, code, params).detail
      : (text(language, `platform.fields.${code}`, named) ?? code)
    return { pointer, code, params, detail }
  })
}

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
  const { title, detail } = errorText(language, error.code, { ...error.params, requestId })
  const message = `${title}: ${detail}`
  const body =
    dialect === 'swanlab'
      ? { code: error.code, message }
      : {
          error: {
            message,
            type: error.status >= 500 ? 'api_error' : 'invalid_request_error',
            param: null,
            code: error.code,
          },
        }
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
      return new AppError('platform.internal', {}, { cause: error })
  }
}

function bytes(count: number): string {
  return count >= 2 ** 30 ? `${Math.round(count / 2 ** 30)} GB` : `${Math.round(count / 2 ** 20)} MB`
}
