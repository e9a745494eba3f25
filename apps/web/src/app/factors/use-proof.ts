import { shallowRef } from 'vue'
import { asApiError } from '../problem.ts'

/**
 * For what asks for a recent proof of who is there: does it, and where the server wants a proof first, has the dialog
 * ask for one and does it again. Gives undefined where the person would rather not.
 */
export function useProof() {
  /** Set while the dialog is open. */
  const asking = shallowRef<((proved: boolean) => void) | null>(null)

  function ask(): Promise<boolean> {
    return new Promise((resolve) => {
      asking.value = (proved) => {
        asking.value = null
        resolve(proved)
      }
    })
  }

  async function guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (cause) {
      if (asApiError(cause).code !== 'auth.proof-needed') throw cause
    }
    return (await ask()) ? work() : undefined
  }

  return { asking, guard }
}
