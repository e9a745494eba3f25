import type { LogLine } from '@anneal/contract'
import type { FileHandle } from 'node:fs/promises'
import { appendFile, open, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** One remembered offset for this many lines: a page reads at most this much more than it shows. */
const STRIDE = 256
const CHUNK = 256 * 1024

export interface LogPage {
  lines: LogLine[]
  total: number
}

const ERROR = /\b\w*(Error|Exception)\b(:|$)|^Traceback |\b(ERROR|CRITICAL|FATAL)\b/
const WARNING = /warn/i

function levelOf(mark: string, text: string): LogLine['level'] {
  if (mark !== 'E') return 'info'
  if (ERROR.test(text)) return 'error'
  return WARNING.test(text) ? 'warning' : 'info'
}

function parse(line: string, number: number): LogLine {
  const first = line.indexOf('\t')
  const second = line.indexOf('\t', first + 1)
  if (first < 1 || second < 0) return { line: number, time: 0, level: 'info', text: line }
  const text = line.slice(second + 1)
  return {
    line: number,
    time: Number(line.slice(0, first)) || 0,
    level: levelOf(line.slice(first + 1, second), text),
    text,
  }
}

/** Where the lines of one file begin, found once and then grown. */
class Segment {
  readonly handle: FileHandle
  readonly inode: number
  /** Lines before this segment. */
  readonly base: number
  lines = 0
  private offset = 0
  private readonly starts: number[] = [0]

  constructor(handle: FileHandle, inode: number, base: number) {
    this.handle = handle
    this.inode = inode
    this.base = base
  }

  async grow(): Promise<void> {
    const buffer = Buffer.allocUnsafe(CHUNK)
    for (;;) {
      const { bytesRead } = await this.handle.read(buffer, 0, CHUNK, this.offset)
      if (bytesRead === 0) return
      let at = -1
      let end = -1
      while ((at = buffer.indexOf(10, at + 1)) >= 0 && at < bytesRead) {
        end = at
        this.lines += 1
        if (this.lines % STRIDE === 0) this.starts.push(this.offset + at + 1)
      }
      // The wrapper cuts lines at a few kilobytes: a chunk without a line feed is an unfinished last line.
      if (end < 0) return
      this.offset += end + 1
    }
  }

  /** Lines from index `from` (of this segment) on, at most `count`. */
  async read(from: number, count: number): Promise<LogLine[]> {
    const wanted = Math.min(count, this.lines - from)
    if (wanted <= 0) return []
    const mark = Math.floor(from / STRIDE)
    const begin = this.starts[mark] ?? 0
    const end = this.starts[Math.floor((from + wanted - 1) / STRIDE) + 1] ?? this.offset
    const buffer = Buffer.alloc(end - begin)
    await this.handle.read(buffer, 0, buffer.length, begin)
    const skip = from - mark * STRIDE
    const texts = buffer
      .toString('utf8')
      .split('\n')
      .slice(skip, skip + wanted)
    return texts.map((text, index) => parse(text, this.base + from + index + 1))
  }
}

/** The log that the wrapper writes, by line number: `log.txt`, and `log.1.txt` where it was turned over. */
export class ProcessLog {
  private readonly folder: string
  private segments: Segment[] = []
  private growing: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.folder = folder
  }

  /** `after` reads on, `before` reads back; neither: the last lines. */
  async page(query: { after?: number; before?: number; limit: number }): Promise<LogPage> {
    await this.refresh()
    const total = this.total()
    const first = (this.segments[0]?.base ?? 0) + 1
    let from = Math.max(first, total - query.limit + 1)
    let to = total
    if (query.after !== undefined) {
      from = Math.max(first, query.after + 1)
      to = Math.min(total, from + query.limit - 1)
    } else if (query.before !== undefined) {
      to = Math.min(total, query.before - 1)
      from = Math.max(first, to - query.limit + 1)
    }
    const lines: LogLine[] = []
    for (const segment of this.segments) {
      const start = Math.max(from, segment.base + 1)
      const count = Math.min(to, segment.base + segment.lines) - start + 1
      if (count > 0) lines.push(...(await segment.read(start - segment.base - 1, count)))
    }
    return { lines, total }
  }

  /** Pushes every line after number `after`, and then each new one; the returned function ends it. */
  watch(after: number, push: (lines: LogLine[]) => void): () => void {
    const control = new AbortController()
    void this.follow(after, push, control.signal)
    return () => control.abort()
  }

  async close(): Promise<void> {
    await this.growing.catch(() => undefined)
    await Promise.all(this.segments.map((segment) => segment.handle.close().catch(() => undefined)))
    this.segments = []
  }

  private async follow(after: number, push: (lines: LogLine[]) => void, signal: AbortSignal): Promise<void> {
    let seen = after
    while (!signal.aborted) {
      const { lines } = await this.page({ after: seen, limit: 500 }).catch(() => ({ lines: [] }))
      if (signal.aborted) return
      const last = lines.at(-1)
      if (last) {
        seen = last.line
        push(lines)
      }
      if (lines.length < 500) await wait(200, undefined, { ref: false })
    }
  }

  private total(): number {
    const last = this.segments.at(-1)
    return last ? last.base + last.lines : 0
  }

  private refresh(): Promise<void> {
    this.growing = this.growing.catch(() => undefined).then(() => this.grow())
    return this.growing
  }

  private async grow(): Promise<void> {
    if (this.segments.length === 0) await this.add('log.1.txt')
    await this.segments.at(-1)?.grow()
    const now = await stat(path.join(this.folder, 'log.txt')).catch(() => null)
    if (!now || now.ino === this.segments.at(-1)?.inode) return
    await this.segments.at(-1)?.grow()
    await this.add('log.txt')
    for (const gone of this.segments.splice(0, Math.max(0, this.segments.length - 2)))
      await gone.handle.close()
  }

  private async add(file: string): Promise<void> {
    const handle = await open(path.join(this.folder, file), 'r').catch(() => null)
    if (!handle) return
    const segment = new Segment(handle, (await handle.stat()).ino, this.total())
    this.segments.push(segment)
    await segment.grow()
  }
}

/** Writes lines of the server's own into a process's log, as the wrapper would. */
export async function appendLog(folder: string, lines: string[], mark: 'O' | 'E' = 'O'): Promise<void> {
  const now = Date.now()
  const clean = lines.map((line) => line.replace(/[\r\n]+/g, ' ').slice(0, 4000))
  await appendFile(path.join(folder, 'log.txt'), clean.map((line) => `${now}\t${mark}\t${line}\n`).join(''), {
    mode: 0o600,
  })
}
