/** Beginnings and repeated parts that make even a long password one of the first to be tried. */
// prettier-ignore
const commonParts = [
  'password', 'passw0rd', 'passwort', 'qwertyuiop', 'qwerty', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx', '1q2w3e4r',
  'iloveyou', 'letmein', 'welcome', 'administrator', 'admin', 'changeme', 'trustno1', 'sunshine', 'princess',
  'football', 'baseball', 'superman', 'monkey', 'dragon', 'master', 'abc123', 'secret', 'woaini', 'mima', 'anneal',
  'computer', 'internet', 'starwars', 'whatever', 'michael', 'jennifer', 'michelle', 'charlie', 'liverpool', 'samsung',
  'shadow', 'freedom', 'summer', 'winter', 'spring', 'autumn', 'company', 'q1w2e3r4', 'zaq12wsx', 'qazwsx', '1q2w3e',
  'google', 'hello', 'access', 'nihao', '123456', '12345', '5201314', '1314520', '147258369', '88888888',
  'correcthorsebatterystaple', 'thisismypassword', 'thisisapassword', 'mypassword', 'nopassword',
]

const runs = ['0123456789012345678901234567890', 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz']
const backwards = runs.map((run) => [...run].reverse().join(''))

/** Whether all of it is one short piece said again and again. */
function repeats(text: string): boolean {
  for (let size = 1; size <= Math.min(8, text.length / 2); size += 1) {
    if (text.slice(0, size).repeat(text.length).startsWith(text)) return true
  }
  return false
}

/**
 * Whether a password of sufficient length is still one that is tried early: a repeated piece, a run of letters or
 * digits, the person's own address, or known words with nothing but a few digits and signs around them.
 */
export function isCommonPassword(password: string, mail: string): boolean {
  const plain = password.toLowerCase().normalize('NFKC')
  if (repeats(plain)) return true
  if ([...runs, ...backwards].some((run) => run.includes(plain))) return true
  if (plain === mail.toLowerCase()) return true
  let rest = plain
  for (const part of commonParts) rest = rest.replaceAll(part, '')
  const letters = rest.replace(/[\d\p{P}\p{S}\s]/gu, '')
  return rest.length < plain.length && rest.length <= 10 && letters.length < 4
}
