/** LZ for 'Lin Zhao', 琳 for 赵琳 (the given name's last character), one letter for one word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '')]
  if (/^\p{Script=Han}/u.test(words[0] ?? '')) return first.at(-1) ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return `${first[0] ?? '?'}${last}`.toUpperCase()
}
