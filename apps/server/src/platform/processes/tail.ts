import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import type { Tail, TailOptions, TailPosition } from './processes.types.ts'

const CHUNK = 256 * 1024

type OnLines = (lines: string[], position: TailPosition) => void

/** One open file, read from `offset` on; what follows the last line feed is kept back until its line has ended. */
class OpenFile {
  readonly handle: FileHandle
  readonly inode: number
  offset: number

  constructor(handle: FileHandle, inode: number, offset: number) {
    this.handle = handle
    this.inode = inode
    this.offset = offset
  }

  async read(onLines: OnLines): Promise<void> {
    let size = CHUNK
    for (;;) {
      const buffer = Buffer.allocUnsafe(size)
      const { bytesRead } = await this.handle.read(buffer, 0, size, this.offset)
      const end = buffer.subarray(0, bytesRead).lastIndexOf(10)
      if (end < 0) {
        if (bytesRead < size) return
        size *= 2 // a line longer than the buffer
        continue
      }
      this.offset += end + 1
      const lines = buffer.toString('utf8', 0, end).split('\n')
      onLines(lines, { inode: this.inode, offset: this.offset })
      size = CHUNK
      if (bytesRead < CHUNK) return
    }
  }
}

class FileTail implements Tail {
  private file: OpenFile | null = null
  private readonly path: string
  private readonly from: TailPosition | undefined
  private readonly onLines: OnLines
  private readonly timer: NodeJS.Timeout
  private polling: Promise<void> = Promise.resolve()
  private closed = false

  constructor(path: string, options: TailOptions, onLines: OnLines) {
    this.path = path
    this.from = options.from
    this.onLines = onLines
    this.timer = setInterval(() => void this.poll(), options.intervalMs ?? 200)
    this.timer.unref()
    void this.poll()
  }

  position(): TailPosition {
    return this.file
      ? { inode: this.file.inode, offset: this.file.offset }
      : (this.from ?? { inode: 0, offset: 0 })
  }

  poll(): Promise<void> {
    this.polling = this.polling.then(() => this.read()).catch(() => undefined)
    return this.polling
  }

  close(): void {
    this.closed = true
    clearInterval(this.timer)
    void this.polling.then(() => this.file?.handle.close()).catch(() => undefined)
  }

  private async read(): Promise<void> {
    if (this.closed) return
    this.file ??= await this.openAt(this.from)
    await this.file?.read(this.onLines)
    // Replaced (the log was turned over): its rest was read just now, the new one begins at its start.
    const now = await stat(this.path).catch(() => null)
    if (!this.file || !now || (now.ino === this.file.inode && now.size >= this.file.offset)) return
    await this.file.read(this.onLines)
    await this.file.handle.close()
    this.file = await this.openAt(undefined)
    await this.file?.read(this.onLines)
  }

  private async openAt(from: TailPosition | undefined): Promise<OpenFile | null> {
    const handle = await open(this.path, 'r').catch(() => null)
    if (!handle) return null
    const { ino, size } = await handle.stat()
    const same = from !== undefined && from.inode === ino && from.offset <= size
    return new OpenFile(handle, ino, same ? from.offset : 0)
  }
}

/** Follows a file that only grows or is replaced. An error of `onLines` ends that look, not the tail. */
export function tailFile(path: string, options: TailOptions, onLines: OnLines): Tail {
  return new FileTail(path, options, onLines)
}
