import { readdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'

const GIGABYTE = 1024 ** 3

/** Gigabytes free for this user where `folder` lies. */
export async function freeGigabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return (bavail * bsize) / GIGABYTE
}

/** Bytes of all files below; what vanishes meanwhile counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    bytes += (await stat(path.join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0
  }
  return bytes
}

/** How many entries end so: a cheap look at how far an installation is. */
export async function countEntries(folder: string, suffix: string): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith(suffix)).length
}
