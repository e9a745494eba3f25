import { readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Config } from '../config/index.ts'
import type { Db } from '../db/index.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log/index.ts'
import { type NodeRow, beat, nodeById, nodesMigrations, putNode, silentNodes } from './nodes.repo.ts'

export { nodesMigrations }
export type { NodeRow }

const beatMs = 10_000
/** A node that has been silent this long is taken to be gone. */
const goneMs = 60_000

export interface Nodes {
  readonly self: { readonly id: string; readonly name: string; readonly address: string }
  /** Known by its id, or undefined. */
  find(id: string): Promise<NodeRow | undefined>
  /** Nodes that have given no sign of life for a minute. */
  gone(): Promise<NodeRow[]>
  /** From here on the node is known under its address, and beats. */
  start(address: string): Promise<void>
  close(): Promise<void>
}

/** A server keeps its id in its data folder: what it holds there is its own after a restart too. */
function ownId(dataFolder: string): string {
  const file = path.join(dataFolder, 'node-id')
  try {
    const id = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f-]{36}$/.test(id)) return id
  } catch {
    /* The first start in this folder. */
  }
  const id = newId()
  writeFileSync(file, `${id}\n`, { mode: 0o600 })
  return id
}

/** This server among those on its database. */
export function createNodes(options: { db: Db; config: Config; log: Log }): Nodes {
  const { db, config, log } = options
  const self = { id: ownId(config.data), name: os.hostname().slice(0, 200), address: config.nodeUrl ?? '' }
  let timer: NodeJS.Timeout | null = null
  return {
    self,
    find: (id) => db.read.first(nodeById, { id }),
    gone: () => db.read.all(silentNodes, { ms: goneMs }),
    async start(address) {
      self.address = config.nodeUrl ?? address
      const now = Date.now()
      await db.transaction((tx) => tx.run(putNode, { ...self, started_at: now, heartbeat_at: now }))
      await db.transaction((tx) => tx.run(beat, { id: self.id }))
      timer = setInterval(() => {
        db.transaction((tx) => tx.run(beat, { id: self.id })).catch((error: unknown) =>
          log.warn('a sign of life could not be written', { error }),
        )
      }, beatMs)
    },
    async close() {
      if (timer) clearInterval(timer)
    },
  }
}
