import { useEventListener } from '@vueuse/core'
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized } from 'vue-router'
import { translate } from './texts.ts'

const ask = (): boolean => confirm(translate('ui.leaveUnsaved'))

/** A query may choose what is shown, so a change of it may take away what is written; a place within the page does not. */
export function isSamePlace(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  return to.path === from.path && JSON.stringify(to.query) === JSON.stringify(from.query)
}

/**
 * Asks before a reload and before another page while something is not saved; `may` asks in a way of its own. Gives what
 * a drawer asks before it closes.
 */
export function useUnsaved(dirty: () => boolean, may: () => boolean | Promise<boolean> = ask) {
  const mayLeave = (): boolean | Promise<boolean> => !dirty() || may()
  const guard = (to: RouteLocationNormalized, from: RouteLocationNormalized) =>
    isSamePlace(to, from) || mayLeave()
  onBeforeRouteLeave(guard)
  onBeforeRouteUpdate(guard)
  useEventListener('beforeunload', (event) => {
    if (dirty()) event.preventDefault()
  })
  return mayLeave
}
