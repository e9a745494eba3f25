const NEWLINE = 10
const BACKTICK = 96

/**
 * Knows whether the next character of reasoning stands directly behind backticks that opened inline code on its line.
 * A tag there that is followed by a backtick is one the model speaks of. Anything less sure counts as a tag: taking an
 * end of the reasoning for code would hide the whole answer.
 */
export class QuoteTracker {
  #open = false
  #afterBacktick = false

  get justOpened(): boolean {
    return this.#open && this.#afterBacktick
  }

  reset(): void {
    this.#open = this.#afterBacktick = false
  }

  push(code: number): void {
    const backtick = code === BACKTICK
    if (backtick && !this.#afterBacktick) this.#open = !this.#open
    else if (code === NEWLINE) this.#open = false
    this.#afterBacktick = backtick
  }
}
