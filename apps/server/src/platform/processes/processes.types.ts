/** Who a process is, safe against a pid that is used again: a pid alone names nobody. */
export interface ProcessIdentity {
  pid: number
  startTime: string
  bootId: string
}

export interface ProcessExit {
  /** null where a signal ended it. */
  code: number | null
  signal: string | null
  /** Unix milliseconds. */
  time: number
}

export interface SpawnOptions {
  /** Gets `pid.json`, `exit.json` and `log.txt`; made if it is not there. */
  folder: string
  /** Runs the wrapper, which needs the standard library alone. */
  python: string
  command: string
  args: readonly string[]
  /** The whole environment: nothing of the server's own is added. */
  env: Readonly<Record<string, string>>
}

/** A place in a file that goes on after a restart; `inode` tells a replaced file from a grown one. */
export interface TailPosition {
  inode: number
  offset: number
}

export interface Tail {
  /** Where the next unread line begins. */
  position(): TailPosition
  /** Reads what has come since, now. */
  poll(): Promise<void>
  close(): void
}

export interface TailOptions {
  from?: TailPosition
  /** Milliseconds between two looks; 200 where absent. */
  intervalMs?: number
}

/** Processes that outlive the server: started by a wrapper of their own, found again by identity. */
export interface Processes {
  /** Starts it in a session of its own and returns once its identity is known; pid 0 where its command could not be started (see `readExit`). */
  spawnDetached(options: SpawnOptions): Promise<ProcessIdentity>
  /** As the wrapper wrote it; null where it has not yet. */
  readIdentity(folder: string): Promise<ProcessIdentity | null>
  /** As the wrapper wrote it; null while it runs, or where the wrapper was killed too. */
  readExit(folder: string): Promise<ProcessExit | null>
  /** Whether that very process runs: same pid, start time and boot. */
  isAlive(identity: ProcessIdentity): Promise<boolean>
  /** One SIGTERM to the process itself. False where it has ended. */
  terminate(identity: ProcessIdentity): Promise<boolean>
  kill(identity: ProcessIdentity): Promise<boolean>
  /** Resident memory in bytes; null where it cannot be read. */
  rssBytes(pid: number): Promise<number | null>
  /** Calls `onLines` with whole lines as they are written; a file that is not there yet is waited for. */
  tailFile(
    path: string,
    options: TailOptions,
    onLines: (lines: string[], position: TailPosition) => void,
  ): Tail
}
