/** Beginnings of what is tried first; the server's list decides, this one only lets the meter say so in time. */
const known =
  /pass(word|w0rd|wort)|qwert|asdf|zxcv|1q2w|1qaz|letmein|welcome|admin|iloveyou|abc123|woaini|anneal/g
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** Whether a character follows from the one before: the same, or its neighbour in the alphabet or on the keyboard. */
function follows(before: string, now: string): boolean {
  if (before === now) return true
  return rows.some((row) => row.includes(before + now) || row.includes(now + before))
}

/** From how many characters each one seems to be chosen. */
function poolOf(text: string): number {
  let pool = 0
  if (/[a-z]/.test(text)) pool += 26
  if (/[A-Z]/.test(text)) pool += 26
  if (/\d/.test(text)) pool += 10
  if (/[^\p{L}\d]/u.test(text)) pool += 20
  if (/[^\p{ASCII}]/u.test(text)) pool += 1000
  return Math.max(10, pool)
}

/** One piece said again and again counts once. */
function once(text: string): string {
  for (let size = 1; size <= text.length / 2; size += 1)
    if (text.slice(0, size).repeat(text.length).startsWith(text)) return text.slice(0, size)
  return text
}

/** Letters of words follow one another by habit: each of them says less than one chosen blindly. */
function bitsEach(text: string): number {
  const isWords = /^[\p{L}\s'-]+$/u.test(text) && /^[\p{ASCII}]+$/u.test(text)
  return Math.log2(poolOf(text)) * (isWords ? 0.5 : 0.75)
}

/**
 * How hard a password is to guess, roughly: 0 (very weak) to 4. It only advises; length and the list of common ones
 * are what the server asks for.
 */
export function strengthOf(password: string, own: readonly string[] = []): 0 | 1 | 2 | 3 | 4 {
  let text = password.toLowerCase()
  for (const word of own) if (word.length >= 3) text = text.replaceAll(word.toLowerCase(), '')
  text = once(text.replaceAll(known, '·'))
  const letters = [...text]
  const free = letters.filter((letter, at) => at === 0 || !follows(letters[at - 1] ?? '', letter)).length
  const bits = (free + (letters.length - free) * 0.2) * bitsEach(password)
  if (bits < 24) return 0
  if (bits < 34) return 1
  if (bits < 43) return 2
  return bits < 58 ? 3 : 4
}
