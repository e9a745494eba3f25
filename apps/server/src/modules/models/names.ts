/** What a name is unique by. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase()
}

/** Pattern for `like … escape '!'` that finds the text anywhere. */
export function containing(text: string): string {
  return `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`
}
