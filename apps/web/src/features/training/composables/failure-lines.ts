import type { LogEntry } from '../../../ui/log-view.ts'

const around = 3
const most = 16
/** Errors as Python and the system write them; the words of a warning are none. */
const errorLine =
  /^\s*[\w.]*(?:Error|Exception|Failure|Interrupt)\b|^\s*(?:Killed|Segmentation fault|Aborted)\b/

export interface FailureLines {
  /** Those around the failure. */
  shown: readonly LogEntry[]
  /** The numbers of those that show it. */
  marked: ReadonlySet<number>
}

/** The lines of a log that show why a run failed, with a few around them; without any, the last ones. */
export function failureLines(lines: readonly LogEntry[], message: string): FailureLines {
  // What the platform keeps of the message begins with the class of the error, which the log may lack.
  const words = message
    .replace(/^[\w.]+: /, '')
    .slice(0, 80)
    .trim()
  const tells = ({ text }: LogEntry) => errorLine.test(text) || (words.length > 8 && text.includes(words))
  const last = lines.findLastIndex(tells)
  if (last === -1) return { shown: lines.slice(-around * 2), marked: new Set() }
  let first = last
  while (first > 0 && last - first < most && lines.slice(Math.max(0, first - 2), first).some(tells)) first--
  const marked = lines.slice(first, last + 1).filter(tells)
  return {
    shown: lines.slice(Math.max(0, first - around), last + 1 + around),
    marked: new Set(marked.map(({ line }) => line)),
  }
}
