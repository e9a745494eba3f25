const drafts = /^anneal\.(draft|compare-draft|prompt-draft|prompt-message)\./
const seenKey = 'anneal.drafts-seen'
const longestMs = 90 * 86_400_000

/** Of each draft since when it is as it is now. */
type Seen = Record<string, { since: number; print: number }>

function printOf(text: string): number {
  let print = text.length
  for (let at = 0; at < text.length; at++) print = (Math.imul(print, 31) + text.charCodeAt(at)) | 0
  return print
}

function readSeen(storage: Storage): Seen {
  try {
    const kept: unknown = JSON.parse(storage.getItem(seenKey) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Seen) : {}
  } catch {
    return {}
  }
}

/** Drops drafts that nobody has touched for three months: what they were written for is long forgotten. */
export function pruneDrafts(storage: Storage, now: number): void {
  const before = readSeen(storage)
  const seen: Seen = {}
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')
  for (const key of keys.filter((one) => drafts.test(one))) {
    const print = printOf(storage.getItem(key) ?? '')
    const known = before[key]
    const since = known?.print === print ? known.since : now
    if (now - since > longestMs) storage.removeItem(key)
    else seen[key] = { since, print }
  }
  storage.setItem(seenKey, JSON.stringify(seen))
}

/** After the page has come up, as nobody waits for it. */
export function pruneDraftsLater(): void {
  setTimeout(() => {
    try {
      pruneDrafts(localStorage, Date.now())
    } catch {
      /* A storage that is full or forbidden keeps what it has. */
    }
  }, 5000)
}
