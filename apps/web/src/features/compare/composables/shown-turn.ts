import { computed, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Turn } from '../compare.api.ts'

/** Which of the prompts is shown: the one that the address names by number, else the newest. */
export function useShownTurn(turns: Ref<readonly Turn[]>) {
  const route = useRoute()
  const router = useRouter()
  const at = computed(() => {
    const asked = Number(route.query['turn'])
    const count = turns.value.length
    return Number.isInteger(asked) && asked >= 1 && asked <= count ? asked - 1 : count - 1
  })
  const turn = computed(() => turns.value[at.value])
  const newest = computed(() => at.value === turns.value.length - 1)

  function show(index: number): void {
    if (index < 0 || index >= turns.value.length) return
    const number = index === turns.value.length - 1 ? undefined : String(index + 1)
    void router.replace({ query: { ...route.query, turn: number } })
  }

  return {
    at,
    turn,
    newest,
    step: (by: 1 | -1) => show(at.value + by),
    toNewest: () => void (route.query['turn'] && show(turns.value.length - 1)),
  }
}
