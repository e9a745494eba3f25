import type { Readable } from 'node:stream'

export interface StoredFile {
  id: string
  bytes: number
  /** Lower-case hex. */
  sha256: string
}

export interface PutOptions {
  /** More than this is refused with `platform.body-too-large`, and nothing is kept. */
  limitBytes?: number
  /** Told of the bytes so far, after each chunk. */
  onProgress?(bytes: number): void
  signal?: AbortSignal
}

/** Files by id, in the data folder of the server that took them. */
export interface Files {
  /** Streams to disk under a temporary name, then fsync, rename and row. Throws `platform.no-space`, `platform.body-too-large`. */
  put(stream: Readable, options?: PutOptions): Promise<StoredFile>
  /** Takes over a file of this file system by renaming it. */
  adopt(path: string): Promise<StoredFile>
  /** Bytes from `start` to `end`, both included. Throws `platform.not-found`, `platform.node-unreachable` (another server has it). */
  open(id: string, range?: { start?: number; end?: number }): Promise<Readable>
  size(id: string): Promise<number>
  /** For programs that need a path, on this server alone. Throws as `open`. */
  localPath(id: string): Promise<string>
  /** Removes row and file; one that is gone already is no error. */
  remove(id: string): Promise<void>
  /** Removes what a killed server left half-written. */
  clean(): Promise<void>
}
