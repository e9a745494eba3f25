export interface Secrets {
  /** AES-256-GCM under the master key; the text names its key. */
  encrypt(plain: string): string
  /** Throws where the text was written under another key or changed. */
  decrypt(stored: string): string
  last4(plain: string): string
}
