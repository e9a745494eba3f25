import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import type { Config } from '../config/index.ts'
import { prettyStream } from './pretty.ts'

export interface Log {
  debug(text: string, fields?: Record<string, unknown>): void
  info(text: string, fields?: Record<string, unknown>): void
  warn(text: string, fields?: Record<string, unknown>): void
  /** An `error` field is written with its stack. */
  error(text: string, fields?: Record<string, unknown>): void
  child(fields: Record<string, unknown>): Log
  /** Writes what is still held back; for the last lines of a process. */
  flush(): void
}

const secret = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'accessToken',
  'apiKey',
  'key',
  'secret',
]

function wrap(logger: Logger, flush: () => void): Log {
  return {
    debug: (text, fields = {}) => logger.debug(fields, text),
    info: (text, fields = {}) => logger.info(fields, text),
    warn: (text, fields = {}) => logger.warn(fields, text),
    error: (text, fields = {}) => logger.error(fields, text),
    child: (fields) => wrap(logger.child(fields), flush),
    flush,
  }
}

/**
 * JSON lines on standard output, or plain lines where it is a terminal. Reads are never logged: a line for each
 * costs more than the read.
 * @param stream takes the lines in place of standard output
 */
export function createLog(level: Config['logLevel'], stream?: DestinationStream): Log {
  const output = stream ?? (process.stdout.isTTY ? prettyStream(process.stdout) : undefined)
  const destination = output ?? pino.destination({ dest: 1, sync: false })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
      redact: { paths: secret.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '[hidden]' },
    },
    destination,
  )
  const flush = () => {
    if ('flushSync' in destination && typeof destination.flushSync === 'function') destination.flushSync()
  }
  return wrap(logger, flush)
}
