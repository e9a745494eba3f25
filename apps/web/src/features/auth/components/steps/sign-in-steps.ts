import { defineAsyncComponent } from 'vue'

/** Only those who are asked for more than a password load it. */
export const SignInSteps = defineAsyncComponent(() => import('./SignInSteps.vue'))
