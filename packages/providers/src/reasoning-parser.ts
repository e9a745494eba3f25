import type { ReasoningProfile, StreamEvent } from '@anneal/contract'
import { CodeTracker } from './reasoning/code-tracker.ts'
import { QuoteTracker } from './reasoning/quote-tracker.ts'
import { beginsTag, isSpace, LONGEST_TAG, TagMatcher } from './reasoning/tag-matcher.ts'
import type { TagFamily } from './reasoning/tag-matcher.ts'

const BACKTICK = 96

export interface ReasoningParserOptions {
  profile: ReasoningProfile
  emit(event: StreamEvent): void
  /** Milliseconds, for the duration of a reasoning block. */
  now?(): number
}

/**
 * Splits a model's text into reasoning and answer while it arrives. Work per character is constant, at most one tag
 * less a character is held back, and what comes out does not depend on how the text was cut.
 */
export class ReasoningParser {
  #profile: ReasoningProfile
  readonly #emit: (event: StreamEvent) => void
  readonly #now: () => number
  readonly #matcher = new TagMatcher()
  readonly #code = new CodeTracker()
  readonly #quote = new QuoteTracker()
  #reasoning: boolean
  #reasoningShown = false
  #textShown = false
  /** No answer yet since the start of the message or the last tool call, white space aside. */
  #atStart = true
  /** A whole tag is held until the next character tells whether it stands in quotes. */
  #quoted = false
  #family: TagFamily | undefined
  #depth = 1
  #startedAt = 0
  #out = ''

  constructor(options: ReasoningParserOptions) {
    this.#profile = options.profile
    this.#emit = options.emit
    this.#now = options.now ?? (() => performance.now())
    this.#reasoning = options.profile === 'assume-open'
  }

  push(text: string): void {
    if (this.#profile === 'off') this.#out += text
    else this.#scan(text)
    this.#flush()
  }

  /** A tool call begins: open blocks end, and an opening tag may stand at the start again. */
  boundary(): void {
    this.#closeBlocks(false)
    this.#atStart = true
    this.#reasoning = false
  }

  /** The message has ended: what is held back is given out, and reasoning still open is marked unterminated. */
  end(): void {
    this.#closeBlocks(true)
    this.#reasoning = false
  }

  /** The provider gives reasoning in a field of its own: from here on the text is taken as it is. */
  turnOff(): void {
    this.#closeBlocks(false)
    this.#reasoning = false
    this.#profile = 'off'
  }

  #scan(text: string): void {
    let from = 0
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (this.#quoted) {
        this.#endQuoted(code === BACKTICK)
        from = index
      } else if (this.#matcher.held !== '') {
        const step = this.#matcher.push(code)
        if (step !== 'fail') {
          from = index + 1
          if (step === 'match') this.#takeMatch()
          continue
        }
        this.#takeLiteral(this.#matcher.release())
        from = index
      }
      if (!this.#reasoning) this.#code.settle(code)
      if (beginsTag(code) && (this.#reasoning || !this.#code.inCode)) {
        this.#out += text.slice(from, index)
        from = index + 1
        this.#matcher.begin(code)
      } else this.#see(code)
    }
    this.#out += text.slice(from)
  }

  /** Keeps the position up to date for one character that is not part of a tag. */
  #see(code: number): void {
    if (this.#atStart && !isSpace(code)) this.#atStart = false
    if (this.#reasoning) this.#quote.push(code)
    else this.#code.push(code)
  }

  #takeLiteral(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (!this.#reasoning) this.#code.settle(code)
      this.#see(code)
    }
    this.#out += text
  }

  #takeMatch(): void {
    // The longest tag cannot wait: no more than it less a character may be held back.
    this.#quoted = this.#reasoning && this.#quote.justOpened && this.#matcher.held.length < LONGEST_TAG
    if (!this.#quoted) this.#takeTag()
  }

  #endQuoted(inQuotes: boolean): void {
    this.#quoted = false
    if (inQuotes) this.#takeLiteral(this.#matcher.release())
    else this.#takeTag()
  }

  #takeTag(): void {
    const tag = this.#matcher.release()
    const { closing, family } = this.#matcher
    if (this.#reasoning) this.#takeTagInReasoning(tag, closing, family)
    else if (closing) this.#reclassify()
    else if (this.#atStart || this.#profile === 'anywhere') this.#open(family)
    else this.#takeLiteral(tag)
  }

  #takeTagInReasoning(tag: string, closing: boolean, family: TagFamily): void {
    if (this.#family !== undefined && family !== this.#family) return this.#takeLiteral(tag)
    if (closing) {
      if (--this.#depth === 0) this.#close()
      return
    }
    // Under `assume-open` some models write the opening tag all the same: it is the one already counted.
    if (this.#family !== undefined || !this.#atStart) this.#depth++
    this.#family = family
    this.#startReasoning()
  }

  #open(family: TagFamily): void {
    this.#flush()
    this.#endText()
    this.#reasoning = true
    this.#family = family
    this.#depth = 1
    this.#quote.reset()
    this.#startReasoning()
  }

  #close(): void {
    this.#flush()
    this.#endReasoning(false)
    this.#beginAnswer()
  }

  #reclassify(): void {
    this.#flush()
    if (this.#textShown) this.#emit({ type: 'reclassify' })
    this.#textShown = false
    this.#beginAnswer()
  }

  #beginAnswer(): void {
    this.#reasoning = false
    this.#atStart = true
    this.#code.reset()
  }

  #closeBlocks(ended: boolean): void {
    if (this.#quoted) this.#endQuoted(false)
    if (this.#matcher.held !== '') this.#takeLiteral(this.#matcher.release())
    this.#flush()
    this.#endReasoning(ended)
    this.#endText()
    this.#code.reset()
  }

  #flush(): void {
    if (this.#out === '') return
    const text = this.#out
    this.#out = ''
    if (this.#reasoning) {
      this.#startReasoning()
      this.#emit({ type: 'reasoning-delta', text })
      return
    }
    if (!this.#textShown) {
      this.#textShown = true
      this.#emit({ type: 'text-start' })
    }
    this.#emit({ type: 'text-delta', text })
  }

  #startReasoning(): void {
    if (this.#reasoningShown) return
    this.#reasoningShown = true
    this.#startedAt = this.#now()
    this.#emit({ type: 'reasoning-start' })
  }

  #endReasoning(unterminated: boolean): void {
    if (!this.#reasoningShown) return
    this.#reasoningShown = false
    const durationMs = Math.max(0, Math.round(this.#now() - this.#startedAt))
    this.#emit({ type: 'reasoning-end', durationMs, ...(unterminated && { unterminated }) })
  }

  #endText(): void {
    if (!this.#textShown) return
    this.#textShown = false
    this.#emit({ type: 'text-end' })
  }
}
