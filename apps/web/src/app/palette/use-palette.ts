import { useQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { keep, readKept } from '../../composables/kept.ts'
import { call } from '../api.ts'
import { useSession } from '../session.ts'
import { type Entry, type Found, type FoundKind, matching, type Section } from './entries.ts'
import { useEntries } from './use-entries.ts'

const mostRecent = 5

function readRecent(key: string): Found[] {
  try {
    const kept: unknown = JSON.parse(readKept(key) ?? '[]')
    return Array.isArray(kept) ? (kept as Found[]).slice(0, mostRecent) : []
  } catch {
    return []
  }
}

/** What stands in the palette for what is typed, and which line is chosen. */
export function usePalette() {
  const { pages, commands, show, doWith, open } = useEntries()
  const typed = ref('')
  /** Null: everywhere. */
  const kind = ref<FoundKind | null>(null)
  const chosen = ref(0)
  /* Another person at this browser is not shown what this one opened. */
  const recentKey = `anneal.palette.recent.${useSession().user?.id ?? ''}`
  const recent = ref(readRecent(recentKey))

  const commandsOnly = computed(() => typed.value.startsWith('>'))
  const asked = computed(() => typed.value.replace(/^>/, '').trim())
  const settled = refDebounced(asked, 120)
  const query = useQuery({
    queryKey: ['palette', settled, kind],
    enabled: computed(() => settled.value !== '' && !commandsOnly.value),
    queryFn: async ({ signal }) =>
      (await call('home.search', { query: { q: settled.value, kind: kind.value ?? undefined }, signal }))
        .items,
    placeholderData: (previous) => previous,
    staleTime: 10_000,
  })
  const found = computed(() => (asked.value === '' || commandsOnly.value ? [] : (query.data.value ?? [])))

  const sections = computed<Section[]>(() => {
    const sought = matching(commands.value, asked.value)
    if (commandsOnly.value) return [{ key: 'do', entries: sought }]
    const known = kind.value === null
    if (asked.value === '') {
      return [
        { key: 'recent', entries: known ? recent.value.map(show) : [] },
        { key: 'pages', entries: known ? pages.value : [] },
        { key: 'do', entries: known ? sought : [] },
      ]
    }
    return [
      { key: 'pages', entries: known ? matching(pages.value, asked.value) : [] },
      { key: 'found', entries: found.value.map(show) },
      { key: 'do', entries: known ? [...sought, ...doWith(found.value)] : [] },
    ]
  })
  const shown = computed(() => sections.value.filter((section) => section.entries.length > 0))
  const lines = computed(() => shown.value.flatMap((section) => section.entries))
  watch([asked, kind, commandsOnly], () => (chosen.value = 0))
  watch(lines, (all) => (chosen.value = Math.min(chosen.value, Math.max(0, all.length - 1))))

  function move(by: number): void {
    const count = lines.value.length
    if (count > 0) chosen.value = (chosen.value + by + count) % count
  }
  const kinds: readonly (FoundKind | null)[] = [
    null,
    'conversation',
    'comparison',
    'prompt',
    'dataset',
    'training-run',
    'project',
    'model',
    'deployment',
  ]
  function narrow(by: 1 | -1): void {
    const at = kinds.indexOf(kind.value)
    kind.value = kinds[(at + by + kinds.length) % kinds.length] ?? null
  }
  function choose(entry: Entry): void {
    const one = [...found.value, ...recent.value].find(({ kind: of, id }) => `${of} ${id}` === entry.key)
    if (one) {
      recent.value = [one, ...recent.value.filter(({ id }) => id !== one.id)].slice(0, mostRecent)
      keep(recentKey, JSON.stringify(recent.value))
    }
    open(entry)
  }
  return {
    typed,
    asked,
    kind,
    commandsOnly,
    chosen,
    shown,
    lines,
    error: query.error,
    searching: query.isFetching,
    move,
    narrow,
    choose,
  }
}
