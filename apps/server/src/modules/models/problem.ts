import type { ProviderError } from '@anneal/providers'

/** A failure as it is stored and put into words for the reader: a code of the catalogue and its parameters. */
export interface Problem {
  code: string
  params: Record<string, string | number>
}

/** Booleans become words, since stored parameters are strings and numbers. */
export function plainParams(
  params: Readonly<Record<string, string | number | boolean>>,
): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, typeof value === 'boolean' ? String(value) : value]),
  )
}

/** What a provider's error becomes; every parameter that its text names is there. */
export function problemOf(error: ProviderError): Problem {
  const { afterMs } = error.params
  const seconds: Record<string, number> =
    typeof afterMs === 'number' ? { seconds: Math.round(afterMs / 1000) } : {}
  return {
    code: error.code,
    params: { status: '', message: '', model: '', seconds: '…', ...plainParams(error.params), ...seconds },
  }
}
