import type { RouteReply } from '@anneal/contract'
import type { LogEntry } from '../../../ui/log-view.ts'

export type StoredLine = RouteReply<'tracking.lines'>['items'][number]

function levelOf(level: string): LogEntry['level'] {
  if (level === 'ERROR' || level === 'CRITICAL') return 'error'
  return level === 'WARN' || level === 'WARNING' ? 'warning' : 'info'
}

const escape = String.fromCodePoint(27)
const terminalCode = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, 'g')

/** What drives a terminal is left out: colours, and what a carriage return wrote over. */
function plain(text: string): string {
  const bare = text.replaceAll(terminalCode, '')
  const shown = bare.endsWith('\r') ? bare.slice(0, -1) : bare
  return shown.slice(shown.lastIndexOf('\r') + 1)
}

/**
 * Lines as they are shown, one a row: a message of several rows is parted. They are counted on from `from`, or back
 * from `before` where they come ahead of others.
 */
export function entriesOf(lines: readonly StoredLine[], from: number | null, before: number): LogEntry[] {
  const rows = lines.flatMap(({ time, level, message }) =>
    message.split('\n').map((text) => ({ time, level: levelOf(level), text: plain(text) })),
  )
  const first = from ?? before - rows.length
  return rows.map((row, at) => ({ ...row, line: first + at }))
}
