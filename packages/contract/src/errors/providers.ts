/** What a provider's failure becomes; a generation stores the code, no route answers with it but `models.offered`. */
export const providerErrors = {
  'provider.unreachable': 502,
  'provider.unauthorized': 502,
  'provider.forbidden': 502,
  'provider.model-not-found': 502,
  'provider.rate-limited': 502,
  'provider.overloaded': 502,
  'provider.context-too-long': 502,
  'provider.refused': 502,
  'provider.failed': 502,
  'provider.first-token-timeout': 504,
  'provider.stalled': 504,
  'provider.cut-off': 502,
  'provider.garbage': 502,
  'provider.stream-error': 502,
  'provider.gave-up': 502,
} as const
