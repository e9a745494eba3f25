import { Rocket } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/deployments/:id?',
      name: 'deployments',
      component: () => import('./DeploymentsPage.vue'),
      meta: { permission: 'deployments.read', titleKey: 'deployments.title' },
    },
  ],
  navigation: {
    group: 'serve',
    order: 2,
    icon: Rocket,
    labelKey: 'deployments.title',
    path: '/deployments',
    permission: 'deployments.read',
  },
}
