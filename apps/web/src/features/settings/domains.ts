/** Mail domains as they are typed: parted by commas or blanks, perhaps with an @ before. */
export function domainsOf(text: string): string[] {
  const all = text.split(/[\s,，;；、]+/).map((one) => one.replace(/^@/, '').toLowerCase())
  return [...new Set(all.filter(Boolean))]
}
