import { problemText } from '../../../composables/problem-text.ts'
import type { useTexts } from '../../../composables/texts.ts'
import type { AuditEntry } from '../audit.api.ts'

type Texts = ReturnType<typeof useTexts>

function asText(value: unknown): string {
  if (value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Who acted, in words. */
export function whoOf({ t }: Texts, entry: AuditEntry): string {
  if (entry.actorName) return entry.actorName
  return t(`admin.audit.kinds.${entry.actorKind}`)
}

/** What it was done to: by name where the event tells one. */
export function whatOf(entry: AuditEntry): string {
  const { name, title, email } = entry.details
  const named = [name, title, email].find((value) => typeof value === 'string')
  if (typeof named === 'string') return named
  if (entry.targetId === null) return ''
  /* The beginning of an id is its time: the end tells two apart. */
  return entry.targetId.length === 36
    ? `${entry.targetKind ?? ''} …${entry.targetId.slice(-6)}`
    : entry.targetId
}

/** The reason of a refusal, or what was changed. */
export function detailOf(texts: Texts, entry: AuditEntry): string {
  const { code, changed, from, to } = entry.details
  if (entry.outcome === 'refused' && typeof code === 'string')
    return problemText(texts, { code, params: {} }).title
  if (Array.isArray(changed)) return changed.map(asText).join(', ')
  if (to !== undefined) return `${from === undefined ? '' : asText(from)} → ${asText(to)}`
  return ''
}

export { asText }
