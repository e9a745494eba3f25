export interface Log {
  debug(text: string, fields?: Record<string, unknown>): void
  info(text: string, fields?: Record<string, unknown>): void
  warn(text: string, fields?: Record<string, unknown>): void
  /** An `error` field is written with its stack. */
  error(text: string, fields?: Record<string, unknown>): void
  child(fields: Record<string, unknown>): Log
}
