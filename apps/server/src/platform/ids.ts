import { randomFillSync } from 'node:crypto'

let lastMs = 0
let counter = 0

/* Randomness is fetched for many ids at once: each call of the generator costs as much as the rest of an id. */
const pool = Buffer.alloc(4096)
let used = pool.length

function random(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.subarray(used - bytes, used)
}

/** UUIDv7 (RFC 9562): sortable by time, and within this process strictly rising. */
export function newId(now = Date.now()): string {
  if (now > lastMs) {
    lastMs = now
    counter = random(2).readUInt16BE() & 0x3ff
  } else if (++counter > 0xfff) {
    lastMs += 1
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const end = random(8)
  end[0] = ((end[0] ?? 0) & 0x3f) | 0x80
  const tail = end.toString('hex')
  const sequence = counter.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
