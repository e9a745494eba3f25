import { usePreferredDark } from '@vueuse/core'
import { computed, effectScope, ref, watchEffect } from 'vue'

export type Theme = 'light' | 'dark' | 'system'

const storageKey = 'anneal.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

const theme = ref<Theme>(stored())
const scope = effectScope(true)
const dark = scope.run(() => {
  const preferred = usePreferredDark()
  const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && preferred.value))
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', isDark.value)
    document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', isDark.value ? '#0D0F12' : '#F4F5F7')
  })
  return isDark
})

function setTheme(chosen: Theme): void {
  theme.value = chosen
  try {
    localStorage.setItem(storageKey, chosen)
  } catch {
    // Then it holds for this page alone.
  }
}

/** The theme chosen and whether the page is dark now. */
export function useTheme() {
  return { theme, dark, setTheme }
}
