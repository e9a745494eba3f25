import { nextTick, onScopeDispose, ref, watch, type Ref } from 'vue'

/** Keeps a scrolled column at its end while it grows, unless the reader has gone up to read. */
export function useStickToEnd(scroller: Ref<HTMLElement | null>, grown: Ref<HTMLElement | null>) {
  const atEnd = ref(true)
  const observer = new ResizeObserver(() => {
    if (atEnd.value) toEnd()
  })

  function onScroll(): void {
    const element = scroller.value
    if (element) atEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < 48
  }

  function toEnd(): void {
    atEnd.value = true
    if (scroller.value) scroller.value.scrollTop = scroller.value.scrollHeight
  }

  watch(
    [scroller, grown],
    async ([element, content], _, onCleanup) => {
      if (!element || !content) return
      element.addEventListener('scroll', onScroll, { passive: true })
      observer.observe(content)
      onCleanup(() => {
        element.removeEventListener('scroll', onScroll)
        observer.disconnect()
      })
      await nextTick()
      toEnd()
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return { atEnd, toEnd }
}
