import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { AppError } from '../errors.ts'
import type { PutOptions } from './files.types.ts'

export interface Taken {
  bytes: number
  sha256: string
}

const MEBIBYTE = 1024 * 1024

/** A full disk and a used-up quota in the catalogue's words; anything else as it is. */
export function diskError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  return full ? new AppError('platform.no-space', {}, { cause: error }) : error
}

async function writeAll(handle: FileHandle, stream: Readable, options: PutOptions): Promise<Taken> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of stream) {
    options.signal?.throwIfAborted()
    const chunk: Buffer = typeof piece === 'string' ? Buffer.from(piece) : piece
    bytes += chunk.length
    if (options.limitBytes !== undefined && bytes > options.limitBytes) {
      throw new AppError('platform.body-too-large', {
        limit: `${Math.floor(options.limitBytes / MEBIBYTE)} MB`,
      })
    }
    hash.update(chunk)
    await handle.writeFile(chunk)
    options.onProgress?.(bytes)
  }
  await handle.sync()
  return { bytes, sha256: hash.digest('hex') }
}

/** Writes a new file and waits until the disk has it. One chunk is in memory at a time. */
export async function takeIn(file: string, stream: Readable, options: PutOptions): Promise<Taken> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      return await writeAll(handle, stream, options)
    } finally {
      await handle.close()
    }
  } catch (error) {
    stream.destroy()
    throw diskError(error)
  }
}

export async function measure(file: string): Promise<Taken> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file)) {
    bytes += (chunk as Buffer).length
    hash.update(chunk as Buffer)
  }
  return { bytes, sha256: hash.digest('hex') }
}
