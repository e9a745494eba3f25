import { asArray } from './json.ts'
import { ProviderError } from './provider-error.ts'

/** As many vectors of numbers as there were texts; anything else cannot be read. */
export const vectorsOf = (values: unknown[], wanted: number): number[][] => {
  const vectors = values.map((value) =>
    asArray(value).filter((each): each is number => typeof each === 'number'),
  )
  if (vectors.length === wanted && vectors.every((vector) => vector.length > 0)) return vectors
  throw new ProviderError('provider.garbage', { params: { start: `${vectors.length} of ${wanted} vectors` } })
}
