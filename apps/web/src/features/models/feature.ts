import { Box } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/models/:id?',
      name: 'models',
      component: () => import('./ModelsPage.vue'),
      meta: { permission: 'models.read', titleKey: 'models.title' },
    },
    {
      path: '/models/connections/:connectionId',
      name: 'connection',
      component: () => import('./ConnectionPage.vue'),
      meta: { permission: 'connections.manage', titleKey: 'models.connection' },
    },
  ],
  navigation: {
    group: 'serve',
    order: 1,
    icon: Box,
    labelKey: 'models.title',
    path: '/models',
    permission: 'models.read',
    key: 'm',
  },
}
