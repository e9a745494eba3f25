import './styles/index.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './app/App.vue'
import { queryClient } from './app/query.ts'
import { router } from './app/router.ts'
import './app/theme.ts'
import { loadLanguage } from './composables/texts.ts'

await loadLanguage()
const app = createApp(App)
app.use(createPinia())
app.use(VueQueryPlugin, { queryClient })
app.use(router)
app.mount('#app')
