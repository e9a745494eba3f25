export type {
  ProcessExit,
  ProcessIdentity,
  Processes,
  SpawnOptions,
  Tail,
  TailOptions,
  TailPosition,
} from './processes.types.ts'
