import { House } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    { path: '/', name: 'home', component: () => import('./HomePage.vue'), meta: { titleKey: 'home.title' } },
  ],
  navigation: { group: null, order: 1, icon: House, labelKey: 'home.title', path: '/', key: 'h', phone: 1 },
}
