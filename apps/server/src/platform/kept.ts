import type { Platform } from './context.ts'

/** Changes are heard of at once; this is for what nobody tells, such as a group that somebody left. */
const keepMs = 5000

/**
 * What was read, by key, kept until a change of one of some kinds is committed, by whichever server. What a key stands
 * for must hold all that a reading depends on: above all, who asks.
 */
export class Kept<T> {
  private readonly platform: Platform
  private readonly most: number
  private readonly values = new Map<string, { value: Promise<T>; readAt: number }>()

  /** At most `most` values: beyond it all are dropped. */
  constructor(platform: Platform, kinds: readonly string[], most = 2000) {
    this.platform = platform
    this.most = most
    for (const kind of kinds) {
      platform.events.onCommitted(kind, () => this.forget())
      platform.events.onChange(kind, () => this.forget())
    }
  }

  /** What is kept, else what `read` brings. Those who ask while it is read share the reading. */
  get(key: string, read: () => Promise<T>): Promise<T> {
    const now = this.platform.clock.now()
    const known = this.values.get(key)
    if (known && Math.abs(now - known.readAt) < keepMs) return known.value
    const entry = { value: read(), readAt: now }
    if (this.values.size >= this.most) this.values.clear()
    this.values.set(key, entry)
    entry.value.catch(() => {
      if (this.values.get(key) === entry) this.values.delete(key)
    })
    return entry.value
  }

  drop(key: string): void {
    this.values.delete(key)
  }

  /** A reading under way is dropped too: a change may have overtaken it. */
  forget(): void {
    this.values.clear()
  }
}
