import type { Feature } from '../../app/feature.ts'

export const feature: Feature = {
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./SignInPage.vue'),
      meta: { public: true, titleKey: 'auth.signIn' },
    },
    {
      path: '/set-up',
      name: 'set-up',
      component: () => import('./SetUpPage.vue'),
      meta: { public: true, titleKey: 'auth.setUp' },
    },
    {
      path: '/invite',
      name: 'invite',
      component: () => import('./InvitePage.vue'),
      meta: { public: true, titleKey: 'auth.invite.pageTitle' },
    },
    {
      path: '/reset-password',
      name: 'reset-password',
      component: () => import('./ResetPasswordPage.vue'),
      meta: { public: true, titleKey: 'auth.reset.pageTitle' },
    },
    {
      path: '/forgot-password',
      name: 'forgot-password',
      component: () => import('./ForgotPasswordPage.vue'),
      meta: { public: true, titleKey: 'auth.forgot.title' },
    },
    {
      path: '/register',
      name: 'register',
      component: () => import('./RegisterPage.vue'),
      meta: { public: true, titleKey: 'auth.register.title' },
    },
  ],
}
