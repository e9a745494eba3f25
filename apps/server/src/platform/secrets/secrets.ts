import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

export interface Secrets {
  /** AES-256-GCM under the master key; the text names its key. */
  encrypt(plain: string): string
  /** Throws where the text was written under another key or was changed. */
  decrypt(stored: string): string
  last4(plain: string): string
  /** Tells equal texts by 64 hex digits that say nothing of the text to whoever lacks the key. */
  fingerprint(plain: string): string
}

const ivBytes = 12
const tagBytes = 16

/** Tells keys apart without saying anything about them. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('anneal key id\0').update(key).digest('hex').slice(0, 8)
}

/** Stored form: `v1.<key id>.<base64url of iv, cipher text and tag>`; a later key finds its texts by the id. */
export function createSecrets(key: Buffer): Secrets {
  const prefix = `v1.${keyId(key)}.`
  return {
    encrypt(plain) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(Buffer.from(prefix))
      const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return prefix + sealed.toString('base64url')
    },
    decrypt(stored) {
      if (!stored.startsWith(prefix)) throw new Error('This secret was encrypted under another master key')
      const sealed = Buffer.from(stored.slice(prefix.length), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(prefix))
      decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
      const body = sealed.subarray(ivBytes, sealed.length - tagBytes)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    },
    last4: (plain) => plain.slice(-4),
    fingerprint: (plain) =>
      createHmac('sha256', key).update('anneal fingerprint\0').update(plain).digest('hex'),
  }
}
