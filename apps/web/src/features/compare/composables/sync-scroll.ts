import { useLocalStorage } from '@vueuse/core'

const leads = ['pointerenter', 'wheel', 'touchstart', 'focusin'] as const

/** Panes scroll together by share of their way, so that long and short answers meet at their ends. */
export function useSyncScroll() {
  const on = useLocalStorage('anneal.compare.sync-scroll', true)
  const scrollers = new Map<string, HTMLElement>()
  /** The one that the reader is in: the others' scrolling is not the reader's. */
  let leading: EventTarget | null = null

  function lead(event: Event): void {
    leading = event.currentTarget
  }

  function onScroll(event: Event): void {
    const from = event.currentTarget as HTMLElement
    if (!on.value || from !== leading) return
    const way = from.scrollHeight - from.clientHeight
    const share = way > 0 ? from.scrollTop / way : 0
    for (const element of scrollers.values()) {
      if (element === from) continue
      element.scrollTop = share * (element.scrollHeight - element.clientHeight)
    }
  }

  function register(key: string, element: HTMLElement | null): void {
    const known = scrollers.get(key)
    if (known === element) return
    if (known) {
      known.removeEventListener('scroll', onScroll)
      for (const name of leads) known.removeEventListener(name, lead)
    }
    if (element) {
      scrollers.set(key, element)
      element.addEventListener('scroll', onScroll, { passive: true })
      for (const name of leads) element.addEventListener(name, lead, { passive: true })
    } else scrollers.delete(key)
  }

  return { on, register }
}
