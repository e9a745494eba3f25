interface Entry<V> {
  userId: string
  value: V
}

/**
 * Who is behind a session or key, so that a request reads no user. An entry stays until a change of that session, key,
 * user or of a group drops it; a reading that was overtaken by such a change is used once and not kept.
 */
export class ActorCache<V> {
  readonly #entries = new Map<string, Entry<V>>()
  readonly #loading = new Map<string, Promise<Entry<V> | null>>()
  readonly #limit: number
  #changes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** The entry, read by `load` where it is unknown; what `load` does not find is not remembered. */
  async getOrLoad(key: string, load: () => Promise<Entry<V> | null>): Promise<V | null> {
    const known = this.#entries.get(key)
    if (known) return known.value
    let loading = this.#loading.get(key)
    if (!loading) {
      loading = this.#load(key, load)
      this.#loading.set(key, loading)
      const done = () => {
        if (this.#loading.get(key) === loading) this.#loading.delete(key)
      }
      loading.then(done, done)
    }
    return (await loading)?.value ?? null
  }

  async #load(key: string, load: () => Promise<Entry<V> | null>): Promise<Entry<V> | null> {
    const before = this.#changes
    const entry = await load()
    if (!entry || before !== this.#changes) return entry
    if (this.#entries.size >= this.#limit) {
      const oldest = this.#entries.keys().next()
      if (!oldest.done) this.#entries.delete(oldest.value)
    }
    this.#entries.set(key, entry)
    return entry
  }

  *userIds(): Iterable<string> {
    for (const { userId } of this.#entries.values()) yield userId
  }

  drop(which: (entry: Entry<V>, key: string) => boolean): void {
    this.#changed()
    for (const [key, entry] of this.#entries) if (which(entry, key)) this.#entries.delete(key)
  }

  clear(): void {
    this.#changed()
    this.#entries.clear()
  }

  #changed(): void {
    this.#changes += 1
    // Whoever asks from now on must not join a reading that began before the change.
    this.#loading.clear()
  }
}
