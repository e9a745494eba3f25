import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

export interface Secrets {
  /** AES-256-GCM under the master key; the text names its key. */
  encrypt(plain: string): string
  /** Throws where the text was written under another key or was changed. */
  decrypt(stored: string): string
  last4(plain: string): string
  /** Tells equal texts by 64 hex digits that say nothing of the text to whoever lacks the key. */
  fingerprint(plain: string): string
  /** Whether this is the text's fingerprint, under any key that is readable; in a time that says nothing. */
  isFingerprint(plain: string, given: string): boolean
}

/** Secrets while the master key may change: several keys are read, one is written with. */
export interface KeyRing extends Secrets {
  /** The key that is written with. */
  readonly current: string
  /** Makes what is encrypted under this key readable; gives the key's id. */
  add(key: Buffer): string
  /** From now on this key, which was added, is written with. */
  writeWith(id: string): void
  keyOf(id: string): Buffer
}

const ivBytes = 12
const tagBytes = 16
const shape = /^v1\.([0-9a-f]{8})\.([\w-]+)$/

/** Tells keys apart without saying anything about them. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('anneal key id\0').update(key).digest('hex').slice(0, 8)
}

/** What every text that is encrypted under this key begins with. */
export const prefixOf = (id: string) => `v1.${id}.`

function seal(key: Buffer, id: string, plain: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(prefixOf(id)))
  const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return prefixOf(id) + sealed.toString('base64url')
}

function unseal(key: Buffer, id: string, text: string): string {
  const sealed = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(prefixOf(id)))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  const body = sealed.subarray(ivBytes, sealed.length - tagBytes)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}

const printOf = (key: Buffer, plain: string) =>
  createHmac('sha256', key).update('anneal fingerprint\0').update(plain).digest('hex')

function isSame(given: Buffer, due: string): boolean {
  const expected = Buffer.from(due)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Stored form: `v1.<key id>.<base64url of iv, cipher text and tag>`; a key finds its texts by the id. */
export function createSecrets(key: Buffer): KeyRing {
  const keys = new Map([[keyId(key), key]])
  let id = keyId(key)
  let current = key
  const keyOf = (asked: string) => {
    const found = keys.get(asked)
    if (!found) throw new Error('This secret was encrypted under another master key')
    return found
  }
  return {
    get current() {
      return id
    },
    add(more) {
      keys.set(keyId(more), more)
      return keyId(more)
    },
    writeWith(next) {
      current = keyOf(next)
      id = next
    },
    keyOf,
    encrypt: (plain) => seal(current, id, plain),
    decrypt(stored) {
      const [, writtenWith = '', text = ''] = shape.exec(stored) ?? []
      return unseal(keyOf(writtenWith), writtenWith, text)
    },
    last4: (plain) => plain.slice(-4),
    fingerprint: (plain) => printOf(current, plain),
    isFingerprint(plain, given) {
      const bytes = Buffer.from(given)
      return [...keys.values()].map((each) => isSame(bytes, printOf(each, plain))).includes(true)
    },
  }
}
