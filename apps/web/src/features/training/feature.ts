import { Flame } from '@lucide/vue'
import { readonly, ref } from 'vue'
import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/training',
      name: 'training',
      component: () => import('./TrainingPage.vue'),
      meta: { permission: 'training.read', titleKey: 'training.title' },
    },
    {
      path: '/training/new',
      name: 'training-new',
      component: () => import('./NewTrainingPage.vue'),
      meta: { permission: 'training.write', titleKey: 'training.new' },
    },
    {
      path: '/training/:id',
      name: 'training-run',
      component: () => import('./RunPage.vue'),
      meta: { permission: 'training.read', titleKey: 'training.run' },
    },
  ],
  navigation: {
    group: 'build',
    order: 3,
    icon: Flame,
    labelKey: 'training.title',
    path: '/training',
    permission: 'training.read',
    key: 't',
    phone: 3,
    useLive: () => {
      const live = ref(0)
      void import('./composables/live-runs.ts').then(({ followLiveRuns }) =>
        followLiveRuns((count) => (live.value = count)),
      )
      return readonly(live)
    },
  },
}
