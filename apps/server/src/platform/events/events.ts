import type { Db } from '../db/index.ts'
import { Lease, leaseByName } from '../lease/index.ts'
import type { Log } from '../log/index.ts'
import { type ChangeRow, changeOf } from './change-row.ts'
import { numberChanges } from './numbering.ts'
import { deleteBefore, numberedAfter, oldestNumber } from './outbox.repo.ts'
import { type Sees, Subscriber } from './subscriber.ts'
import { Topics } from './topics.ts'

const leaseName = 'outbox'
/** Local changes that come together are numbered together. */
const gatherMs = 5
/** How soon another server's changes are looked for. */
const pollMs = 300
const readAtOnce = 1000
/** A reader that has missed more reads all again. */
const mostMissed = 10_000
const keepMs = 24 * 60 * 60 * 1000
const pruneEveryMs = 60 * 60 * 1000

export interface Subscription {
  close(): void
}
export interface Ready {
  /** The newest change so far. */
  latest: number
  /** Older changes than those asked for are gone: all is to be read again. */
  reset: boolean
}

/** Changes of resources, numbered after commit, handed to readers on every server of the database. */
export class Events {
  readonly topics = new Topics()
  private readonly db: Db
  private readonly log: Log
  private readonly holder: string
  private readonly lease: Lease
  private readonly subscribers = new Set<Subscriber>()
  private readonly handlers = new Map<string, Set<(change: ChangeRow) => void>>()
  private readonly own = new Map<string, Set<() => void>>()
  private delivered = 0
  private gather: NodeJS.Timeout | null = null
  private timers: NodeJS.Timeout[] = []
  private working: Promise<void> | null = null
  private again = false
  private closed = false

  constructor(db: Db, log: Log, holder: string) {
    this.db = db
    this.log = log
    this.holder = holder
    this.lease = new Lease(db, leaseName, holder)
  }

  async start(): Promise<void> {
    await this.lease.prepare()
    this.delivered = (await this.db.read.first(leaseByName, { name: leaseName }))?.counter ?? 0
    /* A file of one's own has no other server's changes to look for. */
    if (this.db.dialect !== 'sqlite') this.timers.push(setInterval(() => this.wake(), pollMs))
    this.timers.push(setInterval(() => void this.prune(), pruneEveryMs))
    this.wake()
  }

  async stop(): Promise<void> {
    this.closed = true
    for (const timer of this.timers) clearInterval(timer)
    if (this.gather) clearTimeout(this.gather)
    await this.working
    await this.lease.release().catch(() => undefined)
  }

  /** Called once a write with changes of these kinds is committed. */
  committed(kinds: readonly string[] = []): void {
    for (const kind of new Set(kinds)) for (const handler of this.own.get(kind) ?? []) handler()
    this.wakeIn(gatherMs)
  }

  /** Calls `handler` at once for what this server commits, before it has a number: for what is remembered here. */
  onCommitted(kind: string, handler: () => void): () => void {
    const set = this.own.get(kind) ?? new Set()
    this.own.set(kind, set.add(handler))
    return () => set.delete(handler)
  }

  /** Calls `handler` for each change of a kind, whichever server made it. Returns a function that ends it. */
  onChange(kind: string, handler: (change: ChangeRow) => void): () => void {
    const set = this.handlers.get(kind) ?? new Set()
    this.handlers.set(kind, set.add(handler))
    return () => set.delete(handler)
  }

  /** Hands on what comes after number `after` (from now on where absent), as far as `sees` lets it. */
  async subscribe(
    options: { after?: number; sees: Sees },
    onRows: (rows: ChangeRow[]) => void,
    onReady: (ready: Ready) => void,
  ): Promise<Subscription> {
    const complain = (error: unknown) => this.log.error('a change could not be handed on', { error })
    const subscriber = new Subscriber(options.sees, onRows, complain, options.after ?? this.delivered)
    this.subscribers.add(subscriber)
    const latest = this.delivered
    let missed: ChangeRow[] | null = []
    if (options.after !== undefined && options.after !== latest) {
      try {
        missed = await this.missed(options.after, latest)
      } catch (error) {
        this.subscribers.delete(subscriber)
        throw error
      }
      if (missed === null) subscriber.last = latest
    }
    onReady({ latest: missed ? Math.max(latest, options.after ?? 0) : latest, reset: missed === null })
    subscriber.go(missed ?? [])
    return {
      close: () => {
        subscriber.closed = true
        this.subscribers.delete(subscriber)
      },
    }
  }

  /** Null where some of what was missed is gone, or too much to send. */
  private async missed(after: number, to: number): Promise<ChangeRow[] | null> {
    if (after > to) {
      /* The reader may come from a server that was ahead of this one. */
      const lease = await this.db.read.first(leaseByName, { name: leaseName })
      return after <= (lease?.counter ?? 0) ? [] : null
    }
    const oldest = (await this.db.read.first(oldestNumber, {}))?.number ?? to + 1
    if (oldest > after + 1 || to - after > mostMissed) return null
    const missed: ChangeRow[] = []
    for (let from = after; from < to;) {
      const rows = await this.db.read.all(numberedAfter, { after: from, limit: readAtOnce })
      const changes = rows.map((row) => changeOf(row, row.number ?? 0))
      missed.push(...changes.filter((row) => row.number <= to))
      const last = changes.at(-1)
      if (!last) break
      from = last.number
    }
    return missed
  }

  private wakeIn(ms: number): void {
    if (this.closed) return
    this.gather ??= setTimeout(() => {
      this.gather = null
      this.wake()
    }, ms)
  }

  private wake(): void {
    if (this.closed) return
    if (this.working) {
      this.again = true
      return
    }
    this.working = this.work()
      .catch((error: unknown) => {
        this.log.warn('changes could not be numbered; trying again', { error })
        this.wakeIn(pollMs)
      })
      .finally(() => {
        this.working = null
        if (this.again) {
          this.again = false
          this.wake()
        }
      })
  }

  private async work(): Promise<void> {
    const numbered = await numberChanges(this.db, this.lease, leaseName, this.holder)
    if (numbered[0]?.number === this.delivered + 1) this.deliver(numbered)
    else if (numbered.length > 0 || this.db.dialect !== 'sqlite') await this.readOn()
    if (numbered.length > 0) this.again = true
  }

  /** What another server has numbered. */
  private async readOn(): Promise<void> {
    for (;;) {
      const rows = await this.db.read.all(numberedAfter, { after: this.delivered, limit: readAtOnce })
      if (rows.length === 0) return
      this.deliver(rows.map((row) => changeOf(row, row.number ?? 0)))
    }
  }

  private deliver(rows: readonly ChangeRow[]): void {
    this.delivered = rows.at(-1)?.number ?? this.delivered
    for (const row of rows) {
      for (const handler of this.handlers.get(row.kind) ?? []) {
        try {
          handler(row)
        } catch (error) {
          this.log.error('a change was not taken', { error, kind: row.kind })
        }
      }
    }
    for (const subscriber of this.subscribers) subscriber.offer(rows)
  }

  private async prune(): Promise<void> {
    try {
      await this.db.transaction((tx) => tx.run(deleteBefore, { before: Date.now() - keepMs }))
    } catch (error) {
      this.log.warn('old changes could not be removed', { error })
    }
  }
}
