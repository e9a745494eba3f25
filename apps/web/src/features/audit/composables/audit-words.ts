import { problemText } from '../../../composables/problem-text.ts'
import type { useTexts } from '../../../composables/texts.ts'
import type { AuditEntry } from '../audit.api.ts'

type Texts = ReturnType<typeof useTexts>

function asText({ t }: Texts, value: unknown): string {
  if (value === null) return '–'
  if (typeof value === 'boolean') return t(value ? 'admin.audit.yes' : 'admin.audit.no')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What was changed, by the name that its page gives it; a setting stands under its own key. */
function fieldText({ t, hasText }: Texts, field: unknown): string {
  if (typeof field !== 'string') return JSON.stringify(field)
  const key = [`admin.audit.fields.${field}`, `admin.settings.fields.${field}.label`].find(hasText)
  return key ? t(key) : field
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
  const { t } = texts
  const { code, changed, from, to } = entry.details
  if (entry.outcome === 'refused' && typeof code === 'string')
    return problemText(texts, { code, params: {} }).title
  if (Array.isArray(changed))
    return changed.map((field) => fieldText(texts, field)).join(t('admin.audit.comma'))
  if (to !== undefined) return `${from === undefined ? '' : asText(texts, from)} → ${asText(texts, to)}`
  return ''
}
