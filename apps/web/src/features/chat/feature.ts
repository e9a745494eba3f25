import { MessageSquare } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/chat/:id?',
      name: 'chat',
      component: () => import('./ChatPage.vue'),
      meta: { permission: 'chat.use', titleKey: 'chat.title' },
    },
  ],
  navigation: {
    group: 'use',
    order: 1,
    icon: MessageSquare,
    labelKey: 'chat.title',
    path: '/chat',
    permission: 'chat.use',
    key: 'c',
    phone: 2,
  },
}
