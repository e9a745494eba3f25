import { type Platform, perPlatform } from '../../platform/context.ts'
import type { LiveGeneration } from './live-generation.ts'
import { saveChunks } from './save-chunks.ts'

/** How long deltas are merged before they are numbered and sent, in milliseconds. */
export const tickMs = 40
const saveEveryMs = 1000
/** How long an ended answer's events stay at hand for readers who come back. */
const lingerMs = 60_000

/** The answers in the making on this server, with their one shared tick and their one shared saver. */
export class Registry {
  private readonly platform: Platform
  private readonly live = new Map<string, LiveGeneration>()
  private readonly running = new Set<LiveGeneration>()
  private tick: NodeJS.Timeout | null = null
  private saver: NodeJS.Timeout | null = null
  private saving = false
  private idle: (() => void)[] = []
  stopping = false

  constructor(platform: Platform) {
    this.platform = platform
  }

  add(generation: LiveGeneration): void {
    this.live.set(generation.id, generation)
    this.running.add(generation)
    this.tick ??= setInterval(() => this.flush(), tickMs)
    this.saver ??= setInterval(() => void this.save(), saveEveryMs)
  }

  get(id: string): LiveGeneration | undefined {
    return this.live.get(id)
  }

  /** False from the moment its end is stored. */
  isRunning(generation: LiveGeneration): boolean {
    return this.running.has(generation)
  }

  get size(): number {
    return this.running.size
  }

  runningNow(): LiveGeneration[] {
    return [...this.running]
  }

  /** Called once an answer's end is stored; of a direct one, as soon as it has ended. */
  ended(generation: LiveGeneration): void {
    generation.close()
    this.running.delete(generation)
    if (generation.direct) this.live.delete(generation.id)
    else setTimeout(() => this.live.delete(generation.id), lingerMs).unref()
    if (this.running.size > 0) return
    if (this.tick) clearInterval(this.tick)
    if (this.saver) clearInterval(this.saver)
    this.tick = this.saver = null
    for (const wake of this.idle.splice(0)) wake()
  }

  /** Resolves when nothing runs any more, or after `ms`. */
  async untilIdle(ms: number): Promise<void> {
    if (this.running.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.idle.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  private flush(): void {
    for (const generation of this.running) generation.flush()
  }

  private async save(): Promise<void> {
    if (this.saving) return
    this.saving = true
    try {
      await saveChunks(this.platform, this.running)
    } catch (error) {
      this.platform.log.warn('answers in the making could not be saved; trying again', { error })
    } finally {
      this.saving = false
    }
  }
}

export const registryOf = perPlatform((platform) => new Registry(platform))
