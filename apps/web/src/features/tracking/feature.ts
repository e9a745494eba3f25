import { ChartLine } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/tracking/:workspace?',
      name: 'tracking',
      component: () => import('./ProjectsPage.vue'),
      meta: { permission: 'tracking.read', titleKey: 'tracking.title' },
    },
    {
      path: '/tracking/:workspace/:project',
      name: 'tracking-project',
      component: () => import('./ProjectPage.vue'),
      meta: { permission: 'tracking.read', titleKey: 'tracking.project' },
    },
    {
      path: '/tracking/:workspace/:project/runs/:id',
      name: 'tracked-run',
      component: () => import('./TrackedRunPage.vue'),
      meta: { permission: 'tracking.read', titleKey: 'tracking.run' },
    },
  ],
  navigation: {
    group: 'build',
    order: 4,
    icon: ChartLine,
    labelKey: 'tracking.title',
    path: '/tracking',
    permission: 'tracking.read',
    key: 'r',
  },
}
