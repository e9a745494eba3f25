import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { call } from '../../app/api.ts'

export type Provider = RouteReply<'identity.listProviders'>['items'][number]

export function useProviders() {
  return useQuery({
    queryKey: ['identity-provider', 'all'],
    queryFn: ({ signal }) => call('identity.listProviders', { signal }),
  })
}

export function useMailState() {
  return useQuery({
    queryKey: ['setting', 'mail-state'],
    queryFn: ({ signal }) => call('identity.mailState', { signal }),
  })
}

export function useRoles() {
  return useQuery({
    queryKey: ['role', 'all'],
    queryFn: async ({ signal }) => (await call('auth.listRoles', { signal })).items,
  })
}
