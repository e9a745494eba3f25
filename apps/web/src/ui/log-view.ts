export interface LogEntry {
  /** From 1, without gaps. */
  line: number
  /** Unix milliseconds. */
  time: number
  level: 'info' | 'warning' | 'error'
  text: string
}

/** Lines that hold the words, whatever the case; all for an empty query. */
export function findLines(lines: readonly LogEntry[], query: string): readonly LogEntry[] {
  const words = query.trim().toLowerCase()
  return words ? lines.filter((line) => line.text.toLowerCase().includes(words)) : lines
}
