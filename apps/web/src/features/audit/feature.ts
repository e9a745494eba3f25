import { ScrollText } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/audit',
      name: 'audit',
      component: () => import('./AuditPage.vue'),
      meta: { permission: 'audit.read', titleKey: 'admin.audit.title' },
    },
  ],
  navigation: {
    group: 'govern',
    order: 2,
    icon: ScrollText,
    labelKey: 'admin.audit.title',
    path: '/audit',
    permission: 'audit.read',
  },
}
