/**
 * What a name is unique by: the same in small letters, never longer than the name. `İ` alone would become two, which
 * a column as wide as the name does not hold.
 */
export function nameKey(name: string): string {
  return name.trim().replaceAll('İ', 'i').toLowerCase()
}

const escaped = (text: string): string => nameKey(text).replace(/[!%_]/g, '!$&')

/** Pattern for `like … escape '!'` that finds the text anywhere in a key. */
export function containing(text: string): string {
  return `%${escaped(text)}%`
}

/** Pattern that finds the text at the beginning of a key. */
export function beginningWith(text: string): string {
  return `${escaped(text)}%`
}
