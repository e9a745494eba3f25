import type { RouteInput } from '@anneal/contract'
import { computed, onScopeDispose, ref } from 'vue'
import { type ApiError, asApiError, callOpen } from '../../../app/api.ts'
import { readEvents } from '../../../app/read-events.ts'
import { problemText } from '../../../composables/problem-text.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { TestStep } from '../../../ui/TestSteps.vue'

type StepName = 'reach' | 'authenticate' | 'list-models' | 'first-token' | 'stream'
interface Step {
  step: StepName
  state: 'running' | 'passed' | 'warning' | 'failed' | 'skipped'
  ms: number
  code: string | null
  params: Record<string, string | number>
}

const order: readonly StepName[] = ['reach', 'authenticate', 'list-models', 'first-token', 'stream']
const stateOf = { running: 'live', passed: 'ok', warning: 'warn', failed: 'danger', skipped: 'off' } as const

/** Runs 'test connection' and shows each step as it ends; a new run, or leaving, ends the one before. */
export function useTestRun() {
  const texts = useTexts()
  const { t, formatDuration, formatNumber, hasText } = texts
  const steps = ref(new Map<StepName, Step>())
  const running = ref(false)
  const error = ref<ApiError | null>(null)
  let abort: AbortController | null = null

  async function run(draft: RouteInput<'models.test'>['body']): Promise<void> {
    abort?.abort()
    const own = new AbortController()
    abort = own
    steps.value = new Map()
    error.value = null
    running.value = true
    try {
      const response = await callOpen('models.test', { body: draft, signal: own.signal })
      await readEvents(response, ({ event, data }) => {
        if (event !== 'step' || abort !== own) return
        const step = data as Step
        steps.value = new Map(steps.value).set(step.step, step)
      })
    } catch (cause) {
      if (!own.signal.aborted) error.value = asApiError(cause)
    } finally {
      if (abort === own) running.value = false
    }
  }

  function noteOf(step: Step): string | undefined {
    if (step.code) {
      const words = problemText(texts, { code: step.code, params: step.params })
      const message = typeof step.params['message'] === 'string' ? step.params['message'] : ''
      return message && !words.detail.includes(message)
        ? `${words.detail} ${message}`
        : words.detail || words.title
    }
    const key = `models.stepNote.${step.step}`
    if (step.state !== 'passed' || !hasText(key)) return undefined
    if (step.step === 'reach') return String(step.params['address'] ?? step.params['url'] ?? '')
    return t(key, step.params)
  }

  function figureOf(step: Step): string | undefined {
    if (step.state === 'skipped' || step.state === 'running') return undefined
    const rate = step.params['tokensPerSecond']
    if (step.step === 'stream' && typeof rate === 'number')
      return `${formatNumber(rate, 1)} ${t('ui.answer.perSecond')}`
    return formatDuration(step.ms / 1000, { milliseconds: true })
  }

  const shown = computed<TestStep[]>(() =>
    order.map((name) => {
      const step = steps.value.get(name)
      return {
        key: name,
        title: t(`models.step.${name}`),
        state: step ? stateOf[step.state] : running.value ? 'queued' : 'off',
        note: step ? noteOf(step) : undefined,
        figure: step ? figureOf(step) : undefined,
      }
    }),
  )
  const verdict = computed<'none' | 'running' | 'ok' | 'warn' | 'failed'>(() => {
    const states = [...steps.value.values()].map((step) => step.state)
    if (running.value) return 'running'
    if (states.length === 0) return 'none'
    if (states.includes('failed')) return 'failed'
    return states.includes('warning') ? 'warn' : 'ok'
  })

  onScopeDispose(() => abort?.abort())
  return { run, running, error, shown, verdict }
}
