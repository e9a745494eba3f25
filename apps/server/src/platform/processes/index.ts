import path from 'node:path'
import { isAlive, rssBytes, signalProcess } from './identity.ts'
import type { Processes } from './processes.types.ts'
import { readExit, readIdentity, spawnDetached } from './spawn-detached.ts'
import { tailFile } from './tail.ts'

export type {
  ProcessExit,
  ProcessIdentity,
  Processes,
  SpawnOptions,
  Tail,
  TailOptions,
  TailPosition,
} from './processes.types.ts'
export { appendLog, ProcessLog } from './process-log.ts'
export { endLeftover, runStep } from './run-step.ts'
export type { Step, StepResult } from './run-step.ts'
export type { LogPage } from './process-log.ts'

/** `root` holds the product's package.json, and workers/trainer in it the wrapper. */
export function createProcesses(root: string): Processes {
  const wrapper = path.join(root, 'workers/trainer/anneal_trainer/wrapper.py')
  return {
    spawnDetached: (options) => spawnDetached(wrapper, options),
    readIdentity,
    readExit,
    isAlive,
    terminate: (identity) => signalProcess(identity, 'SIGTERM'),
    kill: (identity) => signalProcess(identity, 'SIGKILL'),
    rssBytes,
    tailFile,
  }
}
