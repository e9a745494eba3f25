import { useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { useOwnDraft } from '../../../app/own-draft.ts'
import { useModels } from '../../../app/pick/models.ts'
import { useComparisonThread } from '../compare.api.ts'
import { meterScale } from '../meter-scale.ts'
import { useAnswers } from './answers.ts'
import { draftKey } from './draft.ts'
import { usePaneViews } from './pane-views.ts'
import { usePanes } from './panes.ts'
import { useSending } from './sending.ts'
import { useSetup } from './setup.ts'
import { useShownTurn } from './shown-turn.ts'

/** All that the page shows of one comparison, or of one that has not begun. */
export function useComparisonPage() {
  const route = useRoute()
  const queries = useQueryClient()
  const id = computed(() => {
    const named = route.params['id']
    return typeof named === 'string' && named !== '' ? named : undefined
  })
  const thread = useComparisonThread(id)
  const { data: models, isPending: modelsPending } = useModels()
  const comparison = computed(() => (id.value ? thread.data.value?.comparison : undefined))
  const turns = computed(() => (id.value ? (thread.data.value?.turns ?? []) : []))
  const shown = useShownTurn(turns)
  const setup = useSetup(comparison, models)
  const reread = (): void => void queries.invalidateQueries({ queryKey: ['comparison'] })
  const answers = computed(() => turns.value.flatMap((turn) => turn.answers))
  const following = useAnswers(answers, { onFirst: reread, onDone: reread })
  const views = usePaneViews(setup.panes, shown.turn, models, following)

  const unused = computed(() => {
    const used = new Set(setup.panes.value.map((pane) => pane.modelId))
    const callable = (models.value ?? []).filter((model) => model.health !== 'off')
    return (callable.find((model) => !used.has(model.id)) ?? callable[0])?.id ?? null
  })
  const panes = usePanes(setup, unused, (paneId) => answers.value.some((answer) => answer.paneId === paneId))
  const draft = useOwnDraft(computed(() => draftKey(id.value)))
  const sending = useSending({
    id,
    draft,
    setup: () => ({ panes: setup.panes.value, shared: setup.shared.value }),
    kept: setup.kept,
  })

  const running = computed(() => answers.value.filter((answer) => answer.state === 'running'))
  /** Since when, by this browser's clock: the server says for how long. */
  const runningSince = computed(() =>
    running.value.length === 0
      ? null
      : Math.min(...running.value.map(({ meter }) => thread.dataUpdatedAt.value - (meter.durationMs ?? 0))),
  )
  const scale = computed(() => meterScale(views.value))

  return {
    id,
    thread,
    models,
    modelsPending,
    comparison,
    turns,
    shown,
    setup,
    views,
    panes,
    draft,
    sending,
    running,
    runningSince,
    scale,
  }
}
