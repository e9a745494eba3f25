import { useEventListener } from '@vueuse/core'
import { readonly, ref, shallowRef } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized } from 'vue-router'

const answer = shallowRef<((leave: boolean) => void) | null>(null)
const mayAsk = ref(false)

/** A query may choose what is shown, so a change of it may take away what is written; a place within the page does not. */
export function isSamePlace(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  return to.path === from.path && JSON.stringify(to.query) === JSON.stringify(from.query)
}

/** What the shell's dialog shows: whether it may be needed on this page, the open question, and its answer. */
export function useLeaveQuestion() {
  return { mayAsk: readonly(mayAsk), answer }
}

/** One question at a time: a newer one answers the older with no. */
function ask(): Promise<boolean> {
  answer.value?.(false)
  return new Promise((resolve) => {
    answer.value = (leave) => {
      answer.value = null
      resolve(leave)
    }
  })
}

/** Asks before a reload and before another page while something is not saved. Gives what a drawer asks before it closes. */
export function useUnsaved(dirty: () => boolean) {
  mayAsk.value = true
  const mayLeave = (): boolean | Promise<boolean> => !dirty() || ask()
  const guard = (to: RouteLocationNormalized, from: RouteLocationNormalized) =>
    isSamePlace(to, from) || mayLeave()
  onBeforeRouteLeave(guard)
  onBeforeRouteUpdate(guard)
  useEventListener('beforeunload', (event) => {
    if (dirty()) event.preventDefault()
  })
  return mayLeave
}
