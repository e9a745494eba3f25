import { templateVariables } from '@anneal/contract/prompt-template'
import { type Ref, computed, ref, watch } from 'vue'
import { ownKey } from '../../../app/own-draft.ts'
import { keep, readKept } from '../../../composables/kept.ts'
import type { PromptVariable, PromptVersion } from '../prompts.api.ts'

export interface Draft {
  /** The newest version that the writer had seen when it began, or has looked at since. */
  basedOn: number
  text: string
  /** Of every variable that was ever described, so that a name that is mistyped for a moment loses nothing. */
  described: Record<string, Omit<PromptVariable, 'name'>>
}

const keyOf = (id: string) => ownKey(`anneal.prompt-draft.${id}`)

function read(id: string): Draft | null {
  const kept = id === '' ? null : readKept(keyOf(id))
  if (kept === null) return null
  try {
    const draft = JSON.parse(kept) as Partial<Draft>
    return typeof draft.text === 'string' && typeof draft.basedOn === 'number'
      ? { basedOn: draft.basedOn, text: draft.text, described: draft.described ?? {} }
      : null
  } catch {
    return null
  }
}

export function variablesIn(draft: Draft): PromptVariable[] {
  return templateVariables(draft.text).map((name) => {
    const known = Object.hasOwn(draft.described, name) ? draft.described[name] : undefined
    return { name, default: known?.default ?? null, description: known?.description ?? '' }
  })
}

/** The next version of a prompt in the making, kept by this browser over reloads. One a prompt. */
export function usePromptDraft(id: Ref<string>) {
  const draft = ref<Draft | null>(read(id.value))
  watch(id, (next) => (draft.value = read(next)), { flush: 'sync' })
  watch(
    draft,
    (value) => {
      if (id.value !== '') keep(keyOf(id.value), value && JSON.stringify(value))
    },
    { deep: true, flush: 'sync' },
  )

  function begin(from: PromptVersion, newest: number): Draft {
    const described = Object.fromEntries(
      from.variables.map(({ name, ...rest }) => [name, { ...rest }] as const),
    )
    draft.value = { basedOn: newest, text: from.text, described }
    return draft.value
  }
  function describe(name: string, change: Partial<Omit<PromptVariable, 'name'>>): void {
    if (!draft.value) return
    const known = draft.value.described[name] ?? { default: null, description: '' }
    draft.value.described = { ...draft.value.described, [name]: { ...known, ...change } }
  }
  /** Ends the draft that has become a version. What another tab has stored since is still to be saved there. */
  function endSaved(): void {
    const stored = id.value === '' ? null : readKept(keyOf(id.value))
    const own = JSON.stringify(draft.value)
    draft.value = null
    if (stored !== null && stored !== own) keep(keyOf(id.value), stored)
  }
  const variables = computed(() => (draft.value ? variablesIn(draft.value) : []))

  /** Brings a discarded draft back, though another prompt or another page is shown by now. */
  function putBack(to: string, before: Draft): void {
    keep(keyOf(to), JSON.stringify(before))
    if (id.value === to) draft.value = before
  }

  return { draft, variables, begin, describe, putBack, endSaved, discard: () => (draft.value = null) }
}
