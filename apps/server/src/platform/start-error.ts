/** What stops the start: its message is shown as one clear line, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
