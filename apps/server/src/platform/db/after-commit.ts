/** What was to be done once it is committed. One that fails takes nothing from the others, nor from the commit. */
export function runAfterCommit(works: readonly (() => void)[]): void {
  for (const work of works) {
    try {
      work()
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}
