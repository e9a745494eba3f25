import { createHash } from 'node:crypto'

/** Finds a path of any length by an index of fixed width. */
export const hashOfPath = (path: string): string => createHash('sha256').update(path).digest('hex')
