import { ListTree } from '@lucide/vue'
import type { Feature } from '../../app/feature.ts'

const meta = { permission: 'prompts.read', titleKey: 'prompts.title' } as const

export const feature: Feature = {
  routes: [
    { path: '/prompts', name: 'prompts', component: () => import('./PromptsPage.vue'), meta },
    { path: '/prompts/:name', name: 'prompt', component: () => import('./PromptPage.vue'), meta },
  ],
  navigation: {
    group: 'build',
    order: 1,
    icon: ListTree,
    labelKey: 'prompts.title',
    path: '/prompts',
    permission: 'prompts.read',
    key: 'p',
  },
}
