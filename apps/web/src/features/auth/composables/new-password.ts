import { computed, type Ref } from 'vue'
import type { ApiError } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'

const minimum = 15

/** What is wrong with a new password, by the server's word or by its length once it was sent. */
export function usePasswordFault(options: {
  password: () => string
  submitted: Ref<boolean>
  failure: Ref<ApiError | null>
}) {
  const { t } = useTexts()
  return computed(() => {
    const server = options.failure.value
    const said = server?.code.startsWith('auth.password') ? server.detail : server?.field('password')
    const missing = minimum - [...options.password()].length
    return (
      said ?? (options.submitted.value && missing > 0 ? t('auth.passwordShort', { n: missing }) : undefined)
    )
  })
}
