import type { RouteReply } from '@anneal/contract'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'
import { asApiError, call } from '../../../../app/api.ts'
import { useProof } from '../../../../app/factors/use-proof.ts'
import { useToast } from '../../../../ui/toast.ts'

export type Factors = RouteReply<'auth.listFactors'>
export type Passkey = Factors['passkeys'][number]

/** How one proves who one is, re-read when it changes anywhere. */
export const useFactors = () =>
  useQuery({ queryKey: ['factor', 'own'], queryFn: ({ signal }) => call('auth.listFactors', { signal }) })

/** Changes of it: with a proof where one is asked for, said in a toast where they fail, and read anew after. */
export function useFactorChange() {
  const { asking, guard } = useProof()
  const queries = useQueryClient()
  const toast = useToast()
  const busy = shallowRef<string | null>(null)

  /** Undefined where it failed or was given up. */
  async function change<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    busy.value = what
    try {
      return await guard(work)
    } catch (cause) {
      const { title, detail } = asApiError(cause)
      toast.show({ text: detail ? `${title}. ${detail}` : title, tone: 'danger' })
      return undefined
    } finally {
      busy.value = null
      await queries.invalidateQueries({ queryKey: ['factor'] })
    }
  }
  return { asking, busy, change, guard }
}
