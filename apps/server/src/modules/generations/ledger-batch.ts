import { type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { type ModelCall, recordCall } from '../usage/index.ts'

/** How long a row waits for others; a killed server loses no more than this. */
const gatherMs = 500
const retryMs = 1000
const mostAtOnce = 500
/** While the database is away; beyond it the oldest are given up, and the log says so. */
const mostKept = 100_000

/** Writes the ledger's rows of calls that have no row of their own, many in one transaction. */
class LedgerBatch {
  private readonly platform: Platform
  private waiting: ModelCall[] = []
  private timer: NodeJS.Timeout | null = null
  private writing: Promise<void> | null = null

  constructor(platform: Platform) {
    this.platform = platform
  }

  add(call: ModelCall): void {
    this.waiting.push(call)
    this.writeIn(gatherMs)
  }

  /** Writes all that waits, once. */
  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    await this.writing
    if (this.waiting.length === 0) return
    this.writing = this.writeAll()
    await this.writing
    this.writing = null
  }

  private writeIn(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = null
      void this.flush()
    }, ms)
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const calls = this.waiting.splice(0, mostAtOnce)
      try {
        await store(this.platform, calls)
      } catch (error) {
        this.keep(calls, error)
        return
      }
    }
  }

  private keep(calls: ModelCall[], error: unknown): void {
    const { log } = this.platform
    this.waiting = [...calls, ...this.waiting]
    const lost = this.waiting.splice(0, Math.max(0, this.waiting.length - mostKept))
    log.error('calls could not be written into the ledger; trying again', { error, lost: lost.length })
    this.writeIn(retryMs)
  }
}

/** One change a caller and batch: whoever looks at the last calls reads them anew. */
async function store(platform: Platform, calls: readonly ModelCall[]): Promise<void> {
  await write(
    systemContext(platform, 'generations'),
    async (tx) => {
      for (const call of calls) await recordCall(tx, call)
      const newest = new Map(calls.map((call) => [call.userId, call.id]))
      for (const [ownerId, id] of newest) {
        tx.emit({
          kind: 'model-call',
          id,
          change: 'created',
          ownerId,
          visibility: 'permission',
          permission: 'usage.read',
        })
      }
    },
    { unaudited: 'calls are counted, not audited' },
  )
}

export const ledgerBatch = perPlatform((platform) => new LedgerBatch(platform))
