/** The first line of a text as a title: at most `longest` characters, the last one an ellipsis where it is cut. */
export function firstLine(text: string, longest: number): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? ''
  const characters = [...line]
  if (characters.length <= longest) return line
  return `${characters
    .slice(0, longest - 1)
    .join('')
    .trimEnd()}…`
}
