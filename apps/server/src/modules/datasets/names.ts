/** What a name is unique by, among an owner's datasets that are not deleted. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase()
}

const escaped = (text: string) => text.toLowerCase().replace(/[!%_]/g, '!$&')

/** Pattern for `like … escape '!'` that finds the text anywhere. */
export function containing(text: string): string {
  return `%${escaped(text)}%`
}

/** Pattern that finds the text at the beginning. */
export function beginningWith(text: string): string {
  return `${escaped(text)}%`
}

const longest = 200

/** The name itself where it is free, else with the first number that makes it so. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(nameKey(name))) return name
  for (let number = 2; ; number++) {
    const ending = ` ${number}`
    const next = `${name.slice(0, longest - ending.length)}${ending}`
    if (!taken.has(nameKey(next))) return next
  }
}
