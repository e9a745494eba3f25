import type { Role, RouteInput } from '@anneal/contract'
import { computed, reactive, ref, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import { domainsOf } from '../domains.ts'
import type { Provider } from '../sign-in.api.ts'

export interface ProviderFields {
  name: string
  issuer: string
  clientId: string
  clientSecret: string
  createAccounts: boolean
  mailDomains: string
  enabled: boolean
  roleMap: { group: string; role: Role }[]
  defaultRole: Role | null
  groupClaim: string
  scopes: string
  buttonText: string
}

const empty = (): ProviderFields => ({
  name: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  createAccounts: true,
  mailDomains: '',
  enabled: true,
  roleMap: [],
  defaultRole: 'member',
  groupClaim: '',
  scopes: 'openid email profile',
  buttonText: '',
})

/** In the form that ids have; the provider is told the callback address before there is a row. */
const newProviderId = () => randomId().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

function bodyOf(fields: ProviderFields) {
  const { clientSecret, mailDomains, roleMap, ...plain } = fields
  return {
    ...plain,
    name: fields.name.trim(),
    issuer: fields.issuer.trim(),
    clientId: fields.clientId.trim(),
    mailDomains: domainsOf(mailDomains),
    roleMap: roleMap.filter(({ group }) => group.trim() !== ''),
    ...(clientSecret ? { clientSecret } : {}),
  } satisfies Omit<RouteInput<'identity.updateProvider'>['body'], 'version'>
}

/** One provider, as it stands and as it is to be. */
export function useProviderForm() {
  const fields = reactive<ProviderFields>(empty())
  const base = shallowRef<Provider | null>(null)
  const id = ref('')
  const initial = ref('')
  const saving = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const changed = computed(() => JSON.stringify(fields) !== initial.value)
  const complete = computed(
    () =>
      fields.name.trim() !== '' &&
      fields.clientId.trim() !== '' &&
      /^https?:\/\/\S+$/.test(fields.issuer.trim()),
  )

  function begin(provider: Provider | null): void {
    base.value = provider
    id.value = provider?.id ?? newProviderId()
    Object.assign(fields, empty())
    if (provider) {
      const { name, issuer, clientId, createAccounts, enabled, defaultRole, groupClaim, scopes, buttonText } =
        provider
      Object.assign(fields, { name, issuer, clientId, createAccounts, enabled, defaultRole })
      Object.assign(fields, { groupClaim, scopes, buttonText, mailDomains: provider.mailDomains.join(', ') })
      fields.roleMap = provider.roleMap.map((line) => ({ ...line }))
    }
    initial.value = JSON.stringify(fields)
    error.value = null
  }

  /** What is typed stays; the next saving lays it over what is there now. */
  async function takeVersion(): Promise<void> {
    const { items } = await call('identity.listProviders', {}).catch(() => ({ items: [] }))
    const now = items.find((one) => one.id === base.value?.id)
    if (now && base.value) base.value = { ...base.value, version: now.version }
  }

  async function save(): Promise<boolean> {
    if (!complete.value || saving.value) return false
    saving.value = true
    error.value = null
    try {
      const { value: before } = base
      if (before) {
        const body = { version: before.version, ...bodyOf(fields) }
        await call('identity.updateProvider', { params: { id: before.id }, body })
      } else await call('identity.createProvider', { body: { id: id.value, ...bodyOf(fields) } })
      initial.value = JSON.stringify(fields)
      return true
    } catch (cause) {
      error.value = asApiError(cause)
      if (error.value.code === 'platform.stale-version') await takeVersion()
      return false
    } finally {
      saving.value = false
    }
  }
  return { fields, id, base, changed, complete, saving, error, begin, save }
}
