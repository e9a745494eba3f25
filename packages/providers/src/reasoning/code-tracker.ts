import { isSpace } from './tag-matcher.ts'

const NEWLINE = 10
const BACKTICK = 96
const TILDE = 126
const BACKSLASH = 92
const GREATER_THAN = 62

/** White space, quote signs, list markers: what may stand on a line before an opening fence. */
const isContainerMark = (code: number): boolean =>
  isSpace(code) ||
  code === GREATER_THAN ||
  code === 45 ||
  code === 42 ||
  code === 43 ||
  code === 46 ||
  code === 41 ||
  (code >= 48 && code <= 57)

/**
 * Knows, character by character, whether Markdown text is inside a code fence or inline code. Constant memory: where
 * Markdown would have to look ahead (an inline span that may never close), the span counts until its paragraph ends.
 */
export class CodeTracker {
  #fence = 0
  #fenceLength = 0
  #onFenceLine = false
  #fenceClosing = false
  #inlineLength = 0
  #run = 0
  #runLength = 0
  #runOpensLine = false
  #runClosesLine = false
  #containerOnly = true
  #quoteOnly = true
  #blankLine = true
  #escaped = false

  get inCode(): boolean {
    return this.#fence !== 0 || this.#inlineLength !== 0
  }

  reset(): void {
    this.#fence = this.#fenceLength = this.#inlineLength = this.#run = this.#runLength = 0
    this.#onFenceLine = this.#fenceClosing = this.#escaped = false
    this.#containerOnly = this.#quoteOnly = this.#blankLine = true
  }

  /** Must be called with each character before `inCode` is read for it: a run of marks ends at another character. */
  settle(code: number): void {
    if (this.#run !== 0 && code !== this.#run) this.#endRun()
  }

  push(code: number): void {
    if (code === this.#run) {
      this.#runLength++
      return
    }
    if (this.#run !== 0) this.#endRun()
    if (code === NEWLINE) return this.#endLine()
    const escaped = this.#escaped
    this.#escaped = code === BACKSLASH && !escaped && !this.inCode
    if ((code === BACKTICK && !escaped) || code === TILDE) this.#beginRun(code)
    else if (!isSpace(code)) this.#fenceClosing = false
    this.#containerOnly &&= isContainerMark(code)
    this.#quoteOnly &&= isSpace(code) || code === GREATER_THAN
    this.#blankLine &&= isSpace(code)
  }

  #beginRun(code: number): void {
    this.#run = code
    this.#runLength = 1
    this.#runOpensLine = this.#containerOnly
    this.#runClosesLine = this.#quoteOnly
  }

  #endRun(): void {
    const mark = this.#run
    const length = this.#runLength
    this.#run = 0
    if (this.#fence !== 0 && this.#onFenceLine && mark === BACKTICK && this.#fence === BACKTICK) {
      // A backtick behind an opening fence on its line: it was inline code after all.
      this.#fence = 0
      this.#inlineLength = this.#fenceLength === length ? 0 : this.#fenceLength
    } else if (this.#fence !== 0) {
      this.#fenceClosing = mark === this.#fence && length >= this.#fenceLength && this.#runClosesLine
    } else if (mark === BACKTICK && this.#inlineLength === length) {
      this.#inlineLength = 0
    } else if (length >= 3 && this.#runOpensLine) {
      this.#fence = mark
      this.#fenceLength = length
      this.#onFenceLine = true
      this.#fenceClosing = false
      this.#inlineLength = 0
    } else if (mark === BACKTICK && this.#inlineLength === 0) {
      this.#inlineLength = length
    }
  }

  #endLine(): void {
    if (this.#fenceClosing) this.#fence = 0
    if (this.#blankLine) this.#inlineLength = 0
    this.#onFenceLine = this.#fenceClosing = this.#escaped = false
    this.#containerOnly = this.#quoteOnly = this.#blankLine = true
  }
}
