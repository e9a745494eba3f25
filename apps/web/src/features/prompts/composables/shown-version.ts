import { type Ref, computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { type Prompt, productionOf } from '../prompts.api.ts'

export const promptTabs = ['text', 'diff', 'uses', 'labels'] as const
export type PromptTab = (typeof promptTabs)[number]
export type Side = number | 'draft'

const numberIn = (value: unknown): number | null =>
  typeof value === 'string' && /^[1-9]\d{0,6}$/.test(value) ? Number(value) : null

/** Which version, and which part of the page, the address says; both sides of the comparison too. */
export function useShownVersion(prompt: Ref<Prompt | null | undefined>, hasDraft: Ref<boolean>) {
  const route = useRoute()
  const router = useRouter()
  const set = (query: Record<string, string | undefined>) =>
    router.replace({ query: { ...route.query, ...query } })
  const newest = computed(() => prompt.value?.newest ?? 1)
  const within = (number: number | null) => (number !== null && number <= newest.value ? number : null)

  const tab = computed<PromptTab>({
    get: () => promptTabs.find((one) => one === route.query['tab']) ?? 'text',
    set: (value) => void set({ tab: value === 'text' ? undefined : value }),
  })
  /** What was just chosen, until the address says so: the field in which a draft begins keeps its cursor. */
  const going = ref<Side | null>(null)
  const selected = computed<Side>(
    () =>
      going.value ?? within(numberIn(route.query['version'])) ?? (hasDraft.value ? 'draft' : newest.value),
  )
  /** What the shown one is compared with: as asked for, else what is in production, else the one before. */
  const from = computed<number | null>(() => {
    const asked = within(numberIn(route.query['from']))
    if (asked !== null) return asked
    const production = prompt.value ? productionOf(prompt.value) : null
    if (production !== null && production !== selected.value) return production
    if (selected.value === 'draft') return newest.value
    return selected.value > 1 ? selected.value - 1 : null
  })

  /** The draft, or the newest where there is none, is shown where the address names no version. */
  function select(side: Side): void {
    const isDefault = side === 'draft' || (!hasDraft.value && side === newest.value)
    going.value = side
    void set({ version: isDefault ? undefined : String(side) }).finally(() => {
      if (going.value === side) going.value = null
    })
  }
  const compareFrom = (number: number) => void set({ from: String(number) })
  const compare = (first: number, side: Side) =>
    void set({ tab: 'diff', from: String(first), version: side === 'draft' ? undefined : String(side) })

  return { tab, selected, from, newest, select, compareFrom, compare }
}
