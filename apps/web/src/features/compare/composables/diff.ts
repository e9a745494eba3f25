import { computed, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useTexts } from '../../../composables/texts.ts'
import { markdownChange } from '../../../ui/markdown/diff-markdown.ts'
import type { PaneView } from './pane-views.ts'

export interface PaneDiff {
  reference: boolean
  /** How much differs, in words; empty where it cannot be told yet. */
  changed: string
  /** The text that the pane is compared with; null shows its answer as it is. */
  against: string | null
  waits: string
}

/** Compares each pane with one of them by words; on or off and the reference live in the address. */
export function useDiff(views: Ref<readonly PaneView[]>) {
  const route = useRoute()
  const router = useRouter()
  const { t, formatPercent } = useTexts()

  const on = computed({
    get: () => route.query['diff'] !== undefined && views.value.length > 1,
    set: (wanted: boolean) => setReference(wanted ? (views.value[0]?.letter ?? 'A') : undefined),
  })
  function setReference(letter: string | undefined): void {
    void router.replace({ query: { ...route.query, diff: letter } })
  }
  const reference = computed(
    () => views.value.find(({ letter }) => letter === route.query['diff']) ?? views.value[0],
  )

  /* While one pane streams, the others' differences stay what they are. */
  const known = new Map<string, number>()
  function shareOf(before: string, after: string): number {
    const key = JSON.stringify([before, after])
    const share = known.get(key) ?? markdownChange(before, after)
    if (known.size > 20) known.clear()
    known.set(key, share)
    return share
  }

  /** A growing text is not compared: it would be read anew with each piece. */
  function diffOf(view: PaneView): PaneDiff | null {
    const base = reference.value
    if (!on.value || !base) return null
    if (view === base) return { reference: true, changed: '', against: null, waits: '' }
    const ready = !view.live && !base.live && view.text !== '' && base.text !== ''
    const waits = view.live || base.live ? t('compare.diffWaits', { letter: base.letter }) : ''
    if (!ready) return { reference: false, changed: '', against: null, waits }
    const share = shareOf(base.text, view.text)
    return {
      reference: false,
      changed: t('compare.changed', { share: formatPercent(share) }),
      against: base.text,
      waits: '',
    }
  }

  return { on, setReference, diffs: computed(() => views.value.map(diffOf)) }
}
