import { beforeEach, expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import { type Answer, letterOf, type Pane } from '../compare.api.ts'
import { useNextPrompt } from './next-prompt.ts'

const answer = (paneId: string): Answer => ({ paneId, generationId: `g-${paneId}` }) as Answer
const panes = ref(['a', 'b', 'c'].map((id) => ({ id }) as Pane))
const id = ref<string | undefined>('one')
const draft = ref('')
const running = ref<Answer[]>([])
const send = vi.fn()
let next: ReturnType<typeof useNextPrompt>

beforeEach(() => {
  id.value = 'one'
  draft.value = 'And then?'
  running.value = [answer('b')]
  send.mockReset()
  next = useNextPrompt({ id, draft, panes, running, send })
})

test('is asked at once where no pane answers', () => {
  running.value = []
  next.ask()
  expect(send).toHaveBeenCalledOnce()
  expect(next.queued.value).toBe(false)
})

test('waits for the panes that still answer, and names them', async () => {
  running.value = [answer('c'), answer('b')]
  next.ask()
  expect(next.awaited.value).toEqual([
    { letter: letterOf(1), generationId: 'g-b' },
    { letter: letterOf(2), generationId: 'g-c' },
  ])
  running.value = [answer('c')]
  await nextTick()
  expect(send).not.toHaveBeenCalled()
  running.value = []
  await nextTick()
  expect(send).toHaveBeenCalledOnce()
  expect(next.queued.value).toBe(false)
})

test.each([
  ['it is held back', () => next.hold()],
  ['it was changed', () => (draft.value = 'And then, why?')],
  ['another comparison was opened', () => (id.value = 'two')],
])('is not asked when %s', async (_, change) => {
  next.ask()
  change()
  running.value = []
  await nextTick()
  expect(send).not.toHaveBeenCalled()
})
