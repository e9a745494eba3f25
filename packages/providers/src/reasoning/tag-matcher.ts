/** The tag families. A close tag closes only what its own family opened. */
export type TagFamily = 'think' | 'thinking' | 'reasoning' | 'thought' | '[think]'

const ANGLE_NAMES = ['think', 'thinking', 'reasoning', 'thought']
const SQUARE_NAMES = ['think']
const MAX_INNER_SPACE = 8

/** Longest tag there is: `</reasoning>` with all the inner white space that is tolerated. */
export const LONGEST_TAG = '</reasoning>'.length + MAX_INNER_SPACE

const LESS_THAN = 60
const SQUARE_OPEN = 91
const SLASH = 47

const prefixesOf = (names: string[]): Set<string> =>
  new Set(names.flatMap((name) => [...name].map((_, index) => name.slice(0, index + 1))))

const ANGLE_PREFIXES = prefixesOf(ANGLE_NAMES)
const SQUARE_PREFIXES = prefixesOf(SQUARE_NAMES)

export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

export const beginsTag = (code: number): boolean => code === LESS_THAN || code === SQUARE_OPEN

/** Reads one tag a character at a time and holds what it has read, so that a tag that is none can be given back. */
export class TagMatcher {
  /** Characters read since the bracket; empty when no tag is being read. */
  held = ''
  closing = false
  family: TagFamily = 'think'
  #square = false
  #name = ''
  #nameDone = false
  #spaces = 0

  begin(code: number): void {
    this.held = String.fromCharCode(code)
    this.closing = false
    this.#square = code === SQUARE_OPEN
    this.#name = ''
    this.#nameDone = false
    this.#spaces = 0
  }

  /** Takes the next character. On `fail` the character is not part of `held`: the caller reads it again. */
  push(code: number): 'more' | 'match' | 'fail' {
    if (code === (this.#square ? 93 : 62)) return this.#finish(code)
    if (isSpace(code)) {
      if (++this.#spaces > MAX_INNER_SPACE) return 'fail'
      if (this.#name !== '') this.#nameDone = true
      return this.#hold(code)
    }
    if (code === SLASH && !this.closing && this.#name === '') {
      this.closing = true
      return this.#hold(code)
    }
    return this.#pushLetter(code)
  }

  /** Gives back what is held and forgets it. */
  release(): string {
    const held = this.held
    this.held = ''
    return held
  }

  #pushLetter(code: number): 'more' | 'fail' {
    const lower = code | 32
    if (this.#nameDone || lower < 97 || lower > 122) return 'fail'
    const name = this.#name + String.fromCharCode(lower)
    if (!(this.#square ? SQUARE_PREFIXES : ANGLE_PREFIXES).has(name)) return 'fail'
    this.#name = name
    return this.#hold(code)
  }

  #finish(code: number): 'match' | 'fail' {
    const names = this.#square ? SQUARE_NAMES : ANGLE_NAMES
    if (!names.includes(this.#name)) return 'fail'
    this.held += String.fromCharCode(code)
    this.family = this.#square ? '[think]' : (this.#name as TagFamily)
    return 'match'
  }

  #hold(code: number): 'more' {
    this.held += String.fromCharCode(code)
    return 'more'
  }
}
