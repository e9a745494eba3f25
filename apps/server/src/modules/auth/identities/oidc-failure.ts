import * as oidc from 'openid-client'
import { AppError } from '../../../platform/errors.ts'

/** Errors of the network, as Node names them, wherever in the chain of causes they stand. */
function isOfNetwork(error: unknown): boolean {
  for (let here = error, depth = 0; here instanceof Error && depth < 5; here = here.cause, depth += 1) {
    const { code } = here as { code?: unknown }
    if (here instanceof AppError) return here.code === 'platform.address-refused'
    if (here.name === 'TimeoutError' || here.name === 'AbortError') return true
    if (
      typeof code === 'string' &&
      /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|\w*CERTIFICATE\w*|\w+_SIGNATURE)$/.test(code)
    )
      return true
  }
  return false
}

/** What is said on the sign-in page of an error on the way. */
export function failureOf(error: unknown): AppError {
  if (error instanceof AppError && error.code.startsWith('auth.')) return error
  if (isOfNetwork(error)) return new AppError('auth.oidc-unreachable', {}, { cause: error })
  if (error instanceof oidc.AuthorizationResponseError)
    return new AppError(error.error === 'access_denied' ? 'auth.oidc-denied' : 'auth.oidc-failed')
  if (error instanceof oidc.ResponseBodyError) return new AppError('auth.oidc-failed')
  return new AppError('auth.oidc-not-trusted', {}, { cause: error })
}

/** For the log: what the provider or the library said, without anything that came from a token. */
export function reasonOf(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
    return `${error.error} ${error.error_description ?? ''}`.trim().slice(0, 300)
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as { code?: unknown }
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return [typeof code === 'string' ? code : '', error.message, cause].filter(Boolean).join(': ').slice(0, 300)
}
