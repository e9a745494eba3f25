import type { Language } from '@anneal/contract'
import type { AppError } from '../errors.ts'
import { errorText } from './catalogue.ts'
import type { ErrorBody } from './error-body.ts'
import { fieldErrors } from './field-problem.ts'

/** What OpenAI's clients know an error by. */
interface Known {
  status?: number
  type?: string
  code?: string
  param?: string
  /** A code whose words fit a program better. */
  words?: string
}

/** The caller's own key is fine where a provider refuses the one that is stored here: that stays a 502. */
const known: Readonly<Record<string, Known>> = {
  'auth.unauthenticated': { code: 'invalid_api_key', words: 'gateway.bad-key' },
  'auth.token-expired': { code: 'invalid_api_key' },
  'auth.session-ended': { code: 'invalid_api_key' },
  'auth.forbidden': { type: 'permission_error', code: 'insufficient_permissions' },
  'auth.scope-missing': { type: 'permission_error', code: 'insufficient_permissions' },
  'gateway.model-not-found': { code: 'model_not_found', param: 'model' },
  'gateway.one-choice': { param: 'n' },
  'gateway.bad-image': { code: 'invalid_image_url', param: 'messages' },
  'gateway.not-for-chat': { param: 'model' },
  'gateway.not-for-embeddings': { param: 'model' },
  'gateway.no-embeddings': { param: 'model' },
  'models.disabled': { status: 503, type: 'server_error', param: 'model' },
  'models.off': { status: 503, type: 'server_error', param: 'model' },
  'models.other-node': { status: 503, type: 'server_error', param: 'model' },
  'platform.invalid-input': { status: 400, code: 'invalid_value' },
  'platform.bad-json': { code: 'invalid_json' },
  'generations.too-many': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'provider.rate-limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  'provider.context-too-long': {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
  },
  'provider.refused': { status: 400, type: 'invalid_request_error' },
  'provider.overloaded': { status: 503, type: 'server_error' },
}

/** `/messages/0/role` as OpenAI names it: `messages[0].role`. */
function paramOf(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    )
}

/** The `error` of OpenAI's shape; a stream that has begun carries it in an event of its own. */
export function openAiErrorOf(error: AppError, language: Language, requestId: string) {
  const {
    status = error.status,
    type,
    code = error.code,
    param,
    words = error.code,
  } = known[error.code] ?? {}
  const { title, detail } = errorText(language, words, { ...error.params, requestId })
  const [first] = fieldErrors(error, language) ?? []
  return {
    status,
    error: {
      message: first ? `${paramOf(first.pointer) || 'body'}: ${first.detail}` : `${title}: ${detail}`,
      type: type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
      param: first ? paramOf(first.pointer) || null : (param ?? null),
      code,
    },
  }
}

export function openAiError(error: AppError, language: Language, requestId: string): ErrorBody {
  const { status, ...body } = openAiErrorOf(error, language, requestId)
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}
