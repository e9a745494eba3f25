import type { RouteInput } from '@anneal/contract'
import { computed, ref, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { createPasskey, usePasskey } from '../../../app/factors/passkey.ts'
import { type NextStep, useSession } from '../../../app/session.ts'
import { useTexts } from '../../../composables/texts.ts'
import { useWait } from './use-wait.ts'

type Body = RouteInput<'auth.verifySignIn'>['body']
type WithoutTicket<B> = B extends { ticket: string } ? Omit<B, 'ticket'> : never
export type Method = NextStep['methods'][number]

/** The steps between the first word of a sign-in and being in: which one it is, and what is shown with it. */
export function useSteps(options: { first: NextStep; done: () => void }) {
  const { t } = useTexts()
  const session = useSession()
  const step = shallowRef(options.first)
  const method = ref<Method | null>(startOf(options.first))
  const busy = ref(false)
  const failure = shallowRef<ApiError | null>(null)
  const codes = ref<string[]>([])
  const isOver = ref(false)
  const { secondsLeft, wait } = useWait()
  let following: NextStep | null = null

  /** Setting up is a choice; giving a factor begins with the easiest of those that there are. */
  function startOf({ next, methods }: NextStep): Method | null {
    return next === 'enrol' && methods.length > 1 ? null : (methods[0] ?? null)
  }

  function choose(chosen: Method | null): void {
    method.value = chosen
    failure.value = null
  }

  function go(next: NextStep | null): void {
    if (!next) return options.done()
    step.value = next
    choose(startOf(next))
  }

  /** Once codes were shown and kept. */
  function goOn(): void {
    codes.value = []
    go(following)
  }

  async function run(work: () => Promise<void>): Promise<void> {
    busy.value = true
    failure.value = null
    try {
      await work()
    } catch (cause) {
      const error = asApiError(cause)
      failure.value = error
      isOver.value = error.code === 'auth.ticket-unknown'
      const seconds = Number(error.params['seconds'])
      if (error.code === 'auth.throttled' && seconds > 0) wait(seconds)
    } finally {
      busy.value = false
    }
  }

  async function send(body: WithoutTicket<Body>): Promise<void> {
    const entered = await session.verify({ ...body, ticket: step.value.ticket } as Body)
    following = 'next' in entered ? entered : null
    codes.value = entered.recoveryCodes ?? []
    if (codes.value.length === 0) go(following)
  }

  const submit = (body: WithoutTicket<Body>) => run(() => send(body))

  /** A passkey is given or made, as the step asks. */
  const passkey = () =>
    run(async () => {
      const { ticket, next } = step.value
      const { options: asked = {} } = await call('auth.prepareSignIn', {
        body: { ticket, method: 'passkey' },
      })
      const response = await (next === 'enrol' ? createPasskey(asked) : usePasskey(asked))
      await send({ method: 'passkey', response, name: t('auth.step.passkeyName') })
    })

  const detail = computed(() => failure.value?.detail ?? '')
  return {
    step,
    method,
    busy,
    failure,
    detail,
    codes,
    isOver,
    secondsLeft,
    choose,
    goOn,
    run,
    submit,
    passkey,
  }
}
