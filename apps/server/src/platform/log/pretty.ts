import type { DestinationStream } from 'pino'

interface Line {
  level: string
  time: string
  msg: string
  error?: { stack?: string; message?: string }
  [field: string]: unknown
}

const colour: Record<string, string> = { warn: '\x1b[33m', error: '\x1b[31m', debug: '\x1b[2m' }

function pretty(text: string): string {
  const { level, time, msg, error, ...fields } = JSON.parse(text) as Line
  const rest = Object.entries(fields).map(([name, value]) => {
    return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
  })
  const head = `${new Date(time).toTimeString().slice(0, 8)} ${colour[level] ?? ''}${msg}\x1b[0m`
  const line = rest.length > 0 ? `${head} \x1b[2m${rest.join(' ')}\x1b[0m` : head
  return error ? `${line}\n${error.stack ?? error.message ?? ''}\n` : `${line}\n`
}

/** One readable line for each record, for someone who watches a terminal. */
export function prettyStream(output: { write(text: string): unknown }): DestinationStream {
  return {
    write(text) {
      output.write(pretty(text))
    },
  }
}
