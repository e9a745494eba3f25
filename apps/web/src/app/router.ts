import { createRouter, createWebHistory } from 'vue-router'
import type { RouteRecordRaw } from 'vue-router'
import { loadAllTexts, translate } from '../composables/texts.ts'
import { mayHaveSession } from './access.ts'
import { features } from './features.ts'
import { safeTarget } from './safe-target.ts'
import { useSession } from './session.ts'

const all: RouteRecordRaw[] = features.flatMap((feature) => feature.routes)

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: () => false,
  routes: [
    ...all.filter((route) => route.meta?.public),
    {
      path: '/',
      component: () => import('./shell/AppShell.vue'),
      children: [
        ...all.filter((route) => !route.meta?.public),
        { path: '/:rest(.*)*', name: 'not-found', component: () => import('./shell/NotFoundPage.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (to.meta.public && to.path !== '/sign-in') return true
  // A server that is away at this moment: the page says so itself, and tries again.
  const texts = to.path !== '/sign-in' && mayHaveSession() ? loadAllTexts() : undefined
  texts?.catch(() => undefined)
  await session.restore().catch(() => undefined)
  if (to.path === '/sign-in') return session.user ? safeTarget(to.query['to']) : true
  if (session.user) {
    await (texts ?? loadAllTexts())
    return true
  }
  return { path: '/sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})

router.afterEach((to) => {
  const key = to.meta.titleKey
  document.title = key ? `${translate(key)} · ${translate('ui.product')}` : translate('ui.product')
})

// After an update the old page asks for chunks that are gone: load the new page where one wanted to go, once.
let wanted = '/'
router.beforeResolve((to) => {
  wanted = to.fullPath
})
addEventListener('vite:preloadError', (event) => {
  const key = 'anneal.reloaded-for'
  try {
    if (sessionStorage.getItem(key) === wanted) return
    sessionStorage.setItem(key, wanted)
  } catch {
    return
  }
  event.preventDefault()
  location.assign(wanted)
})
