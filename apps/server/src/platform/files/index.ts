import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdir, open as openFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { FileRow } from './files.repo.ts'
import { deleteFile, fileById, insertFile } from './files.repo.ts'
import type { Files, StoredFile } from './files.types.ts'
import type { Taken } from './take-in.ts'
import { diskError, measure, takeIn } from './take-in.ts'

export type { Files, PutOptions, StoredFile } from './files.types.ts'
export { filesMigrations } from './files.repo.ts'
export { checkLink, signLink } from './signed-link.ts'

export interface FilesOptions {
  db: Db
  /** The data folder; files lie in its folder `files`. */
  data: string
  nodeId: string
  now?(): number
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

async function openRange(file: string, range: { start?: number; end?: number }): Promise<Readable> {
  const stream = createReadStream(file, range)
  await once(stream, 'open').catch((error: unknown) => {
    throw new AppError('platform.not-found', {}, { cause: error })
  })
  return stream
}

export function createFiles({ db, data, nodeId, now = Date.now }: FilesOptions): Files {
  const root = path.join(data, 'files')
  const unfinished = path.join(root, 'unfinished')
  // The end of an id is random: its beginning is the time, and would put all files of a day in one folder.
  const placeOf = (id: string) => path.join(root, id.slice(-2), id)

  async function settle(from: string, id: string, taken: Taken): Promise<StoredFile> {
    const place = placeOf(id)
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 })
    await rename(from, place)
    await syncFolder(path.dirname(place))
    const row: FileRow = { id, node_id: nodeId, ...taken, created_at: now() }
    try {
      await db.transaction((tx) => tx.run(insertFile, row))
    } catch (error) {
      await rm(place, { force: true })
      throw error
    }
    return { id, ...taken }
  }

  async function find(id: string): Promise<FileRow> {
    const row = await db.read.first(fileById, { id })
    if (!row) throw new AppError('platform.not-found')
    if (row.node_id !== nodeId) throw new AppError('platform.node-unreachable')
    return row
  }

  return {
    async put(stream, options = {}) {
      const id = newId()
      const temporary = path.join(unfinished, id)
      await mkdir(unfinished, { recursive: true, mode: 0o700 })
      try {
        return await settle(temporary, id, await takeIn(temporary, stream, options))
      } catch (error) {
        await rm(temporary, { force: true })
        throw diskError(error)
      }
    },
    async adopt(file) {
      return settle(file, newId(), await measure(file))
    },
    async open(id, range = {}) {
      await find(id)
      return openRange(placeOf(id), range)
    },
    async size(id) {
      return (await find(id)).bytes
    },
    async localPath(id) {
      return placeOf((await find(id)).id)
    },
    async remove(id) {
      const row = await db.read.first(fileById, { id })
      if (!row) return
      await db.transaction((tx) => tx.run(deleteFile, { id }))
      if (row.node_id === nodeId) await rm(placeOf(id), { force: true })
    },
    async clean() {
      await rm(unfinished, { recursive: true, force: true })
    },
  }
}
