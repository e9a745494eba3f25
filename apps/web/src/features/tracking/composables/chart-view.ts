import { refDebounced, useLocalStorage } from '@vueuse/core'
import { computed, ref, watch, type Ref } from 'vue'
import { useAddress } from './address.ts'
import type { XAxis } from './curve-series.ts'
import { keyMatcher } from './sections.ts'

interface Kept {
  /** Keys that are drawn on a logarithmic axis. */
  log: string[]
  /** Sections that are folded. */
  folded: string[]
}

const axes: readonly XAxis[] = ['step', 'time', 'relative']

/** How charts are looked at: in the address what may be passed on, kept per project what is habit. */
export function useChartView(place: Ref<string>) {
  const kept = useLocalStorage<Record<string, Kept>>('anneal.tracking.charts', {})
  const smoothing = useLocalStorage('anneal.tracking.smoothing', 0.6)
  const filterInAddress = useAddress('f')
  const filter = ref(filterInAddress.value)
  const settled = refDebounced(filter, 150)
  watch(settled, (text) => (filterInAddress.value = text))
  watch(filterInAddress, (text) => text !== settled.value && (filter.value = text))

  const axisInAddress = useAddress('x', 'step')
  const axis = computed({
    get: (): XAxis => axes.find((one) => one === axisInAddress.value) ?? 'step',
    set: (value) => {
      axisInAddress.value = value
      range.value = null
    },
  })
  const rangeInAddress = useAddress('zoom')
  const range = computed({
    get: (): [number, number] | null => {
      const [from = NaN, to = NaN] = rangeInAddress.value.split('~').map(Number)
      return rangeInAddress.value && Number.isFinite(from) && to > from ? [from, to] : null
    },
    set: (value) => (rangeInAddress.value = value ? value.map((one) => +one.toFixed(3)).join('~') : ''),
  })
  const expanded = useAddress('chart')

  const own = computed((): Kept => kept.value[place.value] ?? { log: [], folded: [] })
  function toggle(list: keyof Kept, name: string): void {
    const names = own.value[list]
    const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name]
    kept.value = { ...kept.value, [place.value]: { ...own.value, [list]: next } }
  }

  return {
    filter,
    matcher: computed(() => keyMatcher(settled.value.trim())),
    smoothing,
    axis,
    range,
    expanded,
    isLog: (key: string) => own.value.log.includes(key),
    toggleLog: (key: string) => toggle('log', key),
    isFolded: (section: string) => own.value.folded.includes(section),
    toggleFolded: (section: string) => toggle('folded', section),
  }
}

export type ChartView = ReturnType<typeof useChartView>
