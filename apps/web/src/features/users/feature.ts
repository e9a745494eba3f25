import { Users } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/users/:tab(groups|invitations|roles)?',
      name: 'users',
      component: () => import('./UsersPage.vue'),
      meta: { permission: 'users.read', titleKey: 'users.title' },
    },
    {
      path: '/me/:tab(profile|security|sessions)?',
      name: 'me',
      component: () => import('./MePage.vue'),
      meta: { titleKey: 'users.me.title' },
    },
  ],
  navigation: {
    group: 'govern',
    order: 1,
    icon: Users,
    labelKey: 'users.title',
    path: '/users',
    permission: 'users.read',
    key: 'u',
  },
}
