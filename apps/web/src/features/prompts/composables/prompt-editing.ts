import { type Ref, computed, onScopeDispose, ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Prompt, PromptVariable, PromptVersion } from '../prompts.api.ts'
import { usePromptActions } from './prompt-actions.ts'
import { type Draft, type usePromptDraft } from './prompt-draft.ts'
import type { Side } from './shown-version.ts'

interface EditingOptions {
  prompt: Ref<Prompt | null | undefined>
  drafting: ReturnType<typeof usePromptDraft>
  /** The saved version that is shown, or that the draft began from. */
  version: Ref<PromptVersion | undefined>
  /** Nothing to save: the draft reads as the newest version does. */
  unchanged: Ref<boolean>
  select: (side: Side) => void
}

/** Writing the next version: the first stroke begins a draft, saving makes it a version, nothing typed is lost. */
export function usePromptEditing({ prompt, drafting, version, unchanged, select }: EditingOptions) {
  const { t } = useTexts()
  const toast = useToast()
  const { reread } = usePromptActions()
  const { draft } = drafting
  const saving = ref(false)
  const asking = ref(false)
  const error = ref<ApiError | null>(null)
  let left = false
  onScopeDispose(() => (left = true))
  const mayEdit = computed(() => prompt.value?.may.includes('edit') ?? false)
  const next = computed(() => (prompt.value?.newest ?? 0) + 1)
  /** Somebody has saved a version since the draft began. */
  const overtaken = computed(
    () => draft.value !== null && prompt.value != null && prompt.value.newest > draft.value.basedOn,
  )

  function beginFrom(from: PromptVersion | undefined): Draft | null {
    if (draft.value) return draft.value
    if (!from || !prompt.value || !mayEdit.value) return null
    const begun = drafting.begin(from, prompt.value.newest)
    select('draft')
    return begun
  }
  function write(text: string): void {
    const target = beginFrom(version.value)
    if (target && drafting.draft.value) drafting.draft.value.text = text
  }
  function describe(name: string, change: Partial<Omit<PromptVariable, 'name'>>): void {
    if (beginFrom(version.value)) drafting.describe(name, change)
  }

  /** In the place of a draft that is there, which can be had back. */
  function startFrom(from: PromptVersion): void {
    const before = draft.value
    drafting.discard()
    beginFrom(from)
    if (before) undoable(before)
  }
  function discard(): void {
    const before = draft.value
    if (!before) return
    drafting.discard()
    select(prompt.value?.newest ?? 1)
    undoable(before)
  }
  function undoable(before: Draft): void {
    const of = prompt.value?.id
    toast.show({
      text: t('prompts.discarded'),
      action: {
        label: t('ui.undo'),
        keys: 'mod+z',
        run: () => {
          if (of === undefined) return
          drafting.putBack(of, before)
          if (!left && prompt.value?.id === of) select('draft')
        },
      },
    })
  }

  async function save(message: string): Promise<void> {
    const one = prompt.value
    const written = draft.value
    if (!one || !written || saving.value) return
    const sent = JSON.stringify(written)
    saving.value = true
    error.value = null
    try {
      const saved = await call('prompts.saveVersion', {
        params: { id: one.id },
        body: { basedOn: written.basedOn, text: written.text, variables: drafting.variables.value, message },
      })
      asking.value = false
      const isShown = !left && prompt.value?.id === one.id
      /* What was typed while it was on its way is the draft after it. */
      if (isShown && draft.value && JSON.stringify(draft.value) !== sent) draft.value.basedOn = saved.number
      else if (isShown) drafting.endSaved()
      await reread()
      if (isShown && !draft.value) select(saved.number)
      toast.show({ text: t('prompts.savedAs', { version: saved.number }) })
    } catch (cause) {
      error.value = asApiError(cause)
      if (error.value.code === 'platform.stale-version') {
        asking.value = false
        await reread()
      }
    } finally {
      saving.value = false
    }
  }
  /** The other's version has been looked at: the draft becomes the one after it. */
  function keepMine(): void {
    if (draft.value && prompt.value) draft.value.basedOn = prompt.value.newest
    ask()
  }
  function ask(): void {
    if (!draft.value || unchanged.value) return
    error.value = null
    asking.value = true
  }

  return {
    mayEdit,
    next,
    overtaken,
    saving,
    asking,
    error,
    write,
    describe,
    startFrom,
    discard,
    save,
    ask,
    keepMine,
  }
}
