import { Database } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

const meta = { permission: 'datasets.read', titleKey: 'datasets.title' } as const

export const feature: Feature = {
  routes: [
    { path: '/datasets', name: 'datasets', component: () => import('./DatasetsPage.vue'), meta },
    { path: '/datasets/:id/:tab?', name: 'dataset', component: () => import('./DatasetPage.vue'), meta },
  ],
  navigation: {
    group: 'build',
    order: 2,
    icon: Database,
    labelKey: 'datasets.title',
    path: '/datasets',
    permission: 'datasets.read',
    key: 'd',
  },
}
