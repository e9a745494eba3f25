import { Settings2 } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/settings',
      name: 'settings',
      component: () => import('./SettingsPage.vue'),
      meta: { permission: 'settings.manage', titleKey: 'admin.settings.title' },
    },
    {
      path: '/settings/sign-in',
      name: 'settings-sign-in',
      component: () => import('./SignInSettingsPage.vue'),
      meta: { permission: 'settings.manage', titleKey: 'identity.tab' },
    },
  ],
  navigation: {
    group: 'govern',
    order: 4,
    icon: Settings2,
    labelKey: 'admin.settings.title',
    path: '/settings',
    permission: 'settings.manage',
  },
}
