import './styles/index.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './app/App.vue'
import { router } from './app/router.ts'
import './app/theme.ts'
import { loadLanguage } from './composables/texts.ts'

await loadLanguage()
const app = createApp(App)
app.use(createPinia())
app.use(router)
app.mount('#app')
