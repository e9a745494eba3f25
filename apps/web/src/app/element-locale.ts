import type { Language as ElementLocale } from 'element-plus/es/locale'
import { shallowRef, watchEffect } from 'vue'
import { language } from '../composables/texts.ts'

/** Element Plus's own words ('No data') in the language shown; English is built in. */
export function useElementLocale() {
  const locale = shallowRef<ElementLocale>()
  watchEffect(async (onCleanup) => {
    let current = true
    onCleanup(() => (current = false))
    const chosen =
      language.value === 'zh' ? (await import('element-plus/es/locale/lang/zh-cn.mjs')).default : undefined
    if (current) locale.value = chosen
  })
  return locale
}
