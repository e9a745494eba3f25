import { Archive, ArchiveRestore, Copy, Pencil, Tag, Trash2 } from '@lucide/vue'
import { type Ref, computed } from 'vue'
import { useRouter } from 'vue-router'
import { useSession } from '../../../app/session.ts'
import { useShareItem } from '../../../app/share/share-state.ts'
import { useTexts } from '../../../composables/texts.ts'
import { type Prompt, productionOf, usePrompt, useVersion, useVersions } from '../prompts.api.ts'
import { usePromptActions } from './prompt-actions.ts'
import { usePromptDraft } from './prompt-draft.ts'
import { usePromptEditing } from './prompt-editing.ts'
import { type Side, useShownVersion } from './shown-version.ts'
import type { Tried } from './try-run.ts'

/** Everything that the page of one prompt shows, from its name and the address. */
export function usePromptPage(name: Ref<string>) {
  const { t } = useTexts()
  const { data: prompt, error, refetch } = usePrompt(name)
  const id = computed(() => prompt.value?.id ?? '')
  const drafting = usePromptDraft(id)
  const { draft } = drafting
  const hasDraft = computed(() => draft.value !== null)
  const shown = useShownVersion(prompt, hasDraft)
  const { selected, from, tab } = shown
  const pages = useVersions(id)
  const items = computed(() => pages.data.value?.pages.flatMap((page) => page.items) ?? [])

  const number = computed(() => (prompt.value && selected.value !== 'draft' ? selected.value : null))
  const { data: version, error: versionError } = useVersion(id, number)
  const { data: other } = useVersion(
    id,
    computed(() => (prompt.value ? from.value : null)),
  )
  const { data: newestVersion } = useVersion(
    id,
    computed(() => prompt.value?.newest ?? null),
  )
  const texts = computed(() => {
    if (selected.value === 'draft') return { text: draft.value?.text, variables: drafting.variables.value }
    return { text: version.value?.text, variables: version.value?.variables ?? [] }
  })
  /** Nothing to save: the draft reads as the newest version does. */
  const unchanged = computed(() => {
    const newest = newestVersion.value
    if (!draft.value || !newest) return false
    const same = JSON.stringify(drafting.variables.value) === JSON.stringify(newest.variables)
    return same && draft.value.text.trim() === newest.text
  })
  const editing = usePromptEditing({ prompt, drafting, version, unchanged, select: shown.select })
  const editable = computed(() => editing.mayEdit.value && (selected.value === 'draft' || !hasDraft.value))
  const labelOf = (side: Side) => (side === 'draft' ? t('prompts.draft') : `v${side}`)
  const versionOf = (side: Side) =>
    side !== 'draft' && prompt.value ? { promptId: prompt.value.id, version: side } : null
  const tried = computed<Tried | null>(() => {
    const { text, variables } = texts.value
    return text === undefined
      ? null
      : {
          label: labelOf(selected.value),
          prompt: versionOf(selected.value),
          text,
          variables,
        }
  })
  const triedOther = computed<Tried | null>(() =>
    other.value && other.value.number !== selected.value
      ? { ...other.value, label: labelOf(other.value.number), prompt: versionOf(other.value.number) }
      : null,
  )
  const productionLabel = computed(() => {
    const production = prompt.value ? productionOf(prompt.value) : null
    return production === null ? null : `v${production}`
  })

  const list = computed(() => ({
    versions: items.value,
    loading: pages.isPending.value,
    more: pages.hasNextPage.value,
    selected: selected.value,
    from: tab.value === 'diff' ? from.value : null,
    draft: hasDraft.value ? editing.next.value : null,
  }))
  const listEvents = { select: shown.select, more: () => void pages.fetchNextPage() }
  const menu = (rename: () => void) => usePromptMenu(prompt, { selected, rename, items })

  return {
    prompt,
    error,
    refetch,
    shown,
    versions: { items },
    draft,
    version,
    versionError,
    other,
    newestVersion,
    texts,
    editing,
    editable,
    unchanged,
    tried,
    triedOther,
    productionLabel,
    list,
    listEvents,
    menu,
  }
}

interface MenuOptions {
  selected: Ref<Side>
  items: Ref<readonly { number: number; archivedAt: string | null; labels: readonly string[] }[]>
  rename: () => void
}

/** What can be done with a prompt and its shown version. */
function usePromptMenu(prompt: Ref<Prompt | null | undefined>, { selected, items, rename }: MenuOptions) {
  const { t } = useTexts()
  const router = useRouter()
  const session = useSession()
  const does = usePromptActions()
  const to = (made: Prompt | undefined) =>
    made && router.push({ name: 'prompt', params: { name: made.name } })

  function versionEntries(one: Prompt) {
    const version = items.value.find((item) => item.number === selected.value)
    if (!version || !one.may.includes('edit')) return []
    const { number, archivedAt, labels } = version
    return archivedAt === null
      ? [
          {
            label: t('prompts.archive', { version: number }),
            icon: Archive,
            disabled: labels.length > 0,
            note: labels[0] ? t(`prompts.labels.${labels[0]}`) : '',
            run: () => void does.archive(one, number),
          },
        ]
      : [
          {
            label: t('prompts.unarchive', { version: number }),
            icon: ArchiveRestore,
            run: () => void does.unarchive(one, number),
          },
        ]
  }

  const shareItem = useShareItem()
  return computed(() => {
    const one = prompt.value
    if (!one) return []
    return [
      ...(one.may.includes('edit') ? [{ label: t('prompts.edit'), icon: Pencil, run: rename }] : []),
      ...(session.can('prompts.write')
        ? [
            {
              label: t('prompts.duplicate'),
              icon: Copy,
              run: () =>
                void does.duplicate(one, selected.value === 'draft' ? undefined : selected.value).then(to),
            },
          ]
        : []),
      ...versionEntries(one),
      ...(one.may.includes('edit') && !session.can('prompts.publish')
        ? [{ label: t('prompts.moveLabel'), icon: Tag, disabled: true, note: t('prompts.mayNotPublish') }]
        : []),
      shareItem({ kind: 'prompt', id: one.id, link: `/prompts/${encodeURIComponent(one.name)}` }),
      ...(one.may.includes('manage')
        ? [
            {
              label: t('ui.delete'),
              icon: Trash2,
              danger: true,
              divided: true,
              run: () => void does.remove(one, () => router.push('/prompts')),
            },
          ]
        : []),
    ]
  })
}
