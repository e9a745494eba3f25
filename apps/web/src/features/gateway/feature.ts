import { Waypoints } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/gateway/:tab(keys|try|calls)?',
      name: 'gateway',
      component: () => import('./GatewayPage.vue'),
      meta: { permission: 'models.use', titleKey: 'gateway.title' },
    },
  ],
  navigation: {
    group: 'serve',
    order: 3,
    icon: Waypoints,
    labelKey: 'gateway.title',
    path: '/gateway',
    permission: 'models.use',
  },
}
