import type { RouteReply } from '@anneal/contract'
import { computed, onMounted, shallowRef } from 'vue'
import { useRoute } from 'vue-router'
import { call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'

type Options = RouteReply<'identity.signInOptions'>

/** What a provider's way back may have ended in; anything else in the address is not taken for words of ours. */
const problems = [
  'oidc-off',
  'oidc-expired',
  'oidc-denied',
  'oidc-failed',
  'oidc-unreachable',
  'oidc-not-trusted',
  'oidc-mail-unverified',
  'oidc-mail-domain',
  'oidc-no-account',
  'oidc-no-role',
  'oidc-linked-otherwise',
  'oidc-groups-elsewhere',
  'oidc-disabled',
]

/** What there is beside mail and password, and what went wrong on the way back from a provider. */
export function useSignInOptions() {
  const { t } = useTexts()
  const route = useRoute()
  const options = shallowRef<Options>({ passwordByMail: false, registration: false, providers: [] })
  const problem = computed(() => {
    const code = String(route.query['problem'] ?? '').replace(/^auth\./, '')
    if (!problems.includes(code)) return null
    const name = options.value.providers.find(({ id }) => id === route.query['via'])?.name
    const title = t(`auth.errors.${code}.title`)
    return { title: name ? `${name}: ${title}` : title, detail: t(`auth.errors.${code}.detail`) }
  })

  onMounted(async () => {
    try {
      options.value = await call('identity.signInOptions', {})
    } catch {
      // The form says it when the server is away.
    }
  })
  return { options, problem }
}
