import { onScopeDispose, type Ref, watch } from 'vue'

/** Keeps a pane at its end while its answer grows, unless the reader has gone up to read. */
export function useFollowEnd(
  scroller: Ref<HTMLElement | null>,
  content: Ref<HTMLElement | null>,
  live: () => boolean,
): void {
  let atEnd = true
  const observer = new ResizeObserver(() => {
    const element = scroller.value
    if (element && live() && atEnd) element.scrollTop = element.scrollHeight
  })
  function onScroll(): void {
    const element = scroller.value
    if (element) atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 48
  }
  watch(
    [scroller, content],
    ([element, grown], _, onCleanup) => {
      if (!element || !grown) return
      element.addEventListener('scroll', onScroll, { passive: true })
      observer.observe(grown)
      onCleanup(() => {
        element.removeEventListener('scroll', onScroll)
        observer.disconnect()
      })
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
}
