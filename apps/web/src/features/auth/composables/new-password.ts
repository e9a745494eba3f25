import { computed, type Ref } from 'vue'
import type { ApiError } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'

/** Characters that a new password needs where no second factor is required beside it. */
export const shortestPassword = 15

/** What is wrong with a new password, by the server's word or by its length once it was sent. */
export function usePasswordFault(options: {
  password: () => string
  submitted: Ref<boolean>
  failure: Readonly<Ref<ApiError | null>>
  minimum?: () => number
}) {
  const { t } = useTexts()
  return computed(() => {
    const server = options.failure.value
    const said = server?.code.startsWith('auth.password') ? server.detail : server?.field('password')
    const minimum = options.minimum?.() ?? shortestPassword
    const missing = minimum - [...options.password()].length
    return (
      said ?? (options.submitted.value && missing > 0 ? t('auth.passwordShort', { n: missing }) : undefined)
    )
  })
}
