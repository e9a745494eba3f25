import { Columns3 } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/compare/:id?',
      name: 'compare',
      component: () => import('./ComparePage.vue'),
      meta: { permission: 'compare.use', titleKey: 'compare.title' },
    },
  ],
  navigation: {
    group: 'use',
    order: 2,
    icon: Columns3,
    labelKey: 'compare.title',
    path: '/compare',
    permission: 'compare.use',
  },
}
