const han = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u
/* Marks belong to the letter before them: vowel signs, accents that have no letter of their own. */
const words = /[\p{L}\p{N}\p{M}]+/gu
const longest = 40
const most = 400

/** Runs of one kind within a word: Chinese, Japanese and Korean characters apart from others. */
function runsOf(word: string): { text: string; cjk: boolean }[] {
  const runs: { text: string; cjk: boolean }[] = []
  for (const character of word) {
    const cjk = han.test(character)
    const last = runs.at(-1)
    if (last && last.cjk === cjk) last.text += character
    else runs.push({ text: character, cjk })
  }
  return runs
}

function bigrams(run: string): string[] {
  const characters = [...run]
  if (characters.length < 3) return [run]
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

/**
 * What a text is found by: its words in lower case, and pairs of neighbouring characters where words are not parted by
 * blanks. Equal on every database, which none of their own indexes is.
 */
export function tokensOf(text: string): string[] {
  const found = new Set<string>()
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(words)) {
    for (const run of runsOf(word)) {
      if (!run.cjk) found.add(run.text.slice(0, longest))
      else for (const pair of bigrams(run.text)) found.add(pair)
      /* One character alone is found too. */
      if (run.cjk) for (const character of run.text) found.add(character)
      if (found.size >= most) return [...found]
    }
  }
  return [...found]
}

export interface Asked {
  token: string
  /** The last word may still be being typed. */
  prefix: boolean
}

/** What a search asks for: every one of these must be there. */
export function askedOf(text: string): Asked[] {
  const asked = new Map<string, boolean>()
  const normal = text.normalize('NFKC').toLowerCase()
  const found = [...normal.matchAll(words)].flatMap(([word]) => runsOf(word))
  found.forEach((run, index) => {
    if (run.cjk) for (const pair of bigrams(run.text)) asked.set(pair, false)
    else asked.set(run.text.slice(0, longest), index === found.length - 1)
  })
  return [...asked].map(([token, prefix]) => ({ token, prefix }))
}
