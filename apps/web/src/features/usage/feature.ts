import { ChartColumn } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/usage',
      name: 'usage',
      component: () => import('./UsagePage.vue'),
      meta: { permission: 'models.read', titleKey: 'usage.title' },
    },
  ],
  navigation: {
    group: 'govern',
    order: 3,
    icon: ChartColumn,
    labelKey: 'usage.title',
    path: '/usage',
    permission: 'models.read',
  },
}
