import type { Pull } from '../models.api.ts'

type Phase = 'manifest' | 'pulling' | 'verifying' | 'writing'

/** Ollama's own words for where a pull is, as one of ours; null for words that are not known. */
export function phaseOf(words: string | null): Phase | null {
  if (words === null || words === '') return null
  if (words.startsWith('pulling manifest')) return 'manifest'
  if (words.startsWith('pulling') || words.startsWith('downloading')) return 'pulling'
  if (words.startsWith('verifying')) return 'verifying'
  return words.startsWith('writing') || words.startsWith('removing') || words === 'success' ? 'writing' : null
}

/** From 0 to 1; null while it is not known how much comes. */
export function shareOf(pull: Pick<Pull, 'completedBytes' | 'totalBytes'>): number | null {
  if (!pull.totalBytes || pull.completedBytes === null) return null
  return Math.min(1, pull.completedBytes / pull.totalBytes)
}

export const isUnderWay = (pull: Pick<Pull, 'state'>): boolean =>
  pull.state === 'queued' || pull.state === 'running'

/** The same as the server's: a name of Ollama's library. */
export const pullName = /^\w[\w.-]*(?:[:/]\w[\w.-]*)*$/
