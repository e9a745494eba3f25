import type { Language, TextParams } from '@anneal/contract'
import type { WriteTx } from '../write.ts'

/** A mail in words of the catalogue: `mail.<kind>.subject`, `.text`, `.action` and `.end`. */
export interface MailMessage {
  readonly to: string
  readonly language: Language
  readonly kind: string
  readonly params: TextParams
  /** Where its one button leads. */
  readonly link?: string
}

export interface Mail {
  /** Whether there is a server for mail; where not, nothing offers mail. */
  readonly on: boolean
  /** Whom mail comes from. */
  sender(): string
  /** Within the caller's transaction; sent once that is committed, and tried again where the server is away. */
  enqueue(tx: WriteTx, message: MailMessage): Promise<void>
  /**
   * Sends it at once, for whoever waits to see that it works.
   * @throws AppError `platform.mail-off`, `platform.mail-failed` with what the server said.
   */
  sendNow(message: MailMessage): Promise<void>
  close(): void
}
