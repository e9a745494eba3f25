/** A prompt's text, cut where its variables are; the pieces' `raw` joined is the text again. */
export type TemplatePiece =
  | { kind: 'text'; raw: string }
  | { kind: 'variable'; raw: string; name: string }
  /** `\{{`, which stands for two braces that begin no variable. */
  | { kind: 'escape'; raw: string }

const marks = /\\\{\{|\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}/g

export function templatePieces(text: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = []
  let end = 0
  for (const match of text.matchAll(marks)) {
    const [raw, name] = match
    if (match.index > end) pieces.push({ kind: 'text', raw: text.slice(end, match.index) })
    pieces.push(name === undefined ? { kind: 'escape', raw } : { kind: 'variable', raw, name })
    end = match.index + raw.length
  }
  if (end < text.length) pieces.push({ kind: 'text', raw: text.slice(end) })
  return pieces
}

/** Names of a text's variables, each once, in the order in which they first stand. */
export function templateVariables(text: string): string[] {
  const names = new Set<string>()
  for (const piece of templatePieces(text)) if (piece.kind === 'variable') names.add(piece.name)
  return [...names]
}

/** The text with its variables filled in, and the names for which `valueOf` has nothing. */
export function fillTemplate(
  text: string,
  valueOf: (name: string) => string | null | undefined,
): { text: string; missing: string[] } {
  const missing = new Set<string>()
  const filled = templatePieces(text).map((piece) => {
    if (piece.kind === 'text') return piece.raw
    if (piece.kind === 'escape') return '{{'
    const value = valueOf(piece.name)
    if (value === null || value === undefined) missing.add(piece.name)
    return value ?? piece.raw
  })
  return { text: filled.join(''), missing: [...missing] }
}

/** What was given for a variable, else its default; null where there is neither. */
export function variableValue(
  name: string,
  given: Readonly<Record<string, string>>,
  declared: readonly { name: string; default: string | null }[],
): string | null {
  if (Object.hasOwn(given, name)) return given[name] ?? null
  return declared.find((variable) => variable.name === name)?.default ?? null
}
