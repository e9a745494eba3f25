import type { ReasoningProfile, StreamEvent } from '@anneal/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { vectors } from './reasoning/fixtures/reasoning-vectors.ts'
import type { Block } from './reasoning/fixtures/reasoning-vectors.ts'
import { LONGEST_TAG } from './reasoning/tag-matcher.ts'
import { ReasoningParser } from './reasoning-parser.ts'
import { mergeDeltas } from './testing/collect.ts'

const run = (profile: ReasoningProfile, parts: string[]): StreamEvent[] => {
  const events: StreamEvent[] = []
  const parser = new ReasoningParser({ profile, emit: (event) => events.push(event), now: () => 0 })
  for (const part of parts) parser.push(part)
  parser.end()
  return events
}

/** What a reader has on the page at the end; throws where the events are not well formed. */
const blocksOf = (events: StreamEvent[]): Block[] => {
  const blocks: Block[] = []
  let open: Block | undefined
  for (const event of events) {
    if (event.type === 'reasoning-start' || event.type === 'text-start') {
      if (open) throw new Error(`${event.type} inside a block`)
      open = [event.type === 'text-start' ? 'text' : 'reasoning', '']
      blocks.push(open)
      continue
    }
    if (!open) throw new Error(`${event.type} outside a block`)
    if (event.type === 'reasoning-delta' || event.type === 'text-delta') {
      if (event.text === '' || !event.type.startsWith(open[0]))
        throw new Error(`a ${event.type} in ${open[0]}`)
      open[1] += event.text
      continue
    }
    if (event.type === 'reclassify') open[0] = 'reasoning'
    if (event.type === 'reasoning-end' && event.unterminated) open[0] = 'unterminated'
    open = undefined
  }
  if (open) throw new Error('a block was left open')
  return blocks
}

describe.each(vectors)('%s (%s)', (_, profile, input, expected) => {
  const whole = mergeDeltas(run(profile, [input]))

  test('splits as it should', () => expect(blocksOf(whole)).toEqual(expected))

  test('does not depend on where the text was cut', () => {
    for (let at = 0; at <= input.length; at++) {
      expect(mergeDeltas(run(profile, [input.slice(0, at), input.slice(at)]))).toEqual(whole)
    }
    expect(mergeDeltas(run(profile, input.split('')))).toEqual(whole)
  })
})

const TAG = /<\s*\/?\s*(think|thinking|reasoning|thought)\s*>|\[\s*\/?\s*think\s*\]/gi
const piece = fc.constantFrom(
  '<think>',
  '</think>',
  '<THINK>',
  '</ think >',
  '<thinking>',
  '</thinking>',
  '[THINK]',
  '[/THINK]',
  '<reasoning>',
  '</reasoning>',
  '<',
  '</',
  '<thi',
  '[',
  '>',
  '`',
  '``',
  '```',
  '~~~',
  '\n',
  '\n\n',
  ' ',
  '\\',
  'a',
  'word ',
  '- ',
  '> ',
  '思',
  '🤔',
)
const message = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))
const profile = fc.constantFrom<ReasoningProfile>('off', 'at-start', 'anywhere', 'assume-open')
const cutAt = (text: string, cuts: number[]): string[] => {
  const places = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length))
}

describe('for any message', () => {
  test('the cut does not matter', () => {
    fc.assert(
      fc.property(profile, message, fc.array(fc.nat(500), { maxLength: 12 }), (name, text, cuts) => {
        expect(mergeDeltas(run(name, cutAt(text, cuts)))).toEqual(mergeDeltas(run(name, [text])))
      }),
      { numRuns: 3000 },
    )
  })

  test('only tags are taken out; nothing is added, lost or moved', () => {
    fc.assert(
      fc.property(profile, message, (name, text) => {
        const shown = blocksOf(run(name, [text]))
          .map(([, part]) => part)
          .join('')
        expect(isTextLessTags(text, shown), `${JSON.stringify(text)} showed ${JSON.stringify(shown)}`).toBe(
          true,
        )
      }),
      { numRuns: 3000 },
    )
  })

  test('at most the longest tag less one is held back', () => {
    fc.assert(
      fc.property(profile, message, (name, text) => {
        let shown = 0
        const emit = (event: StreamEvent): void => {
          if ('text' in event) shown += event.text.length
        }
        const parser = new ReasoningParser({ profile: name, emit })
        parser.push(text)
        const before = shown
        parser.end()
        expect(shown - before).toBeLessThan(LONGEST_TAG)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Whether `shown` is `text` with some of its tags taken out: follows all readings at once. */
function isTextLessTags(text: string, shown: string): boolean {
  const tagEnds = new Map<number, number>()
  for (const tag of text.matchAll(TAG)) tagEnds.set(tag.index, tag.index + tag[0].length)
  const withSkips = (places: number[]): Set<number> => {
    const all = new Set(places)
    for (const place of all) {
      const end = tagEnds.get(place)
      if (end !== undefined) all.add(end)
    }
    return all
  }
  let places = withSkips([0])
  for (let at = 0; at < shown.length; at++) {
    places = withSkips([...places].filter((place) => text[place] === shown[at]).map((place) => place + 1))
  }
  return places.has(text.length)
}

test('durations come from the clock that was given', () => {
  const ends: StreamEvent[] = []
  let clock = 100
  const parser = new ReasoningParser({
    profile: 'at-start',
    now: () => clock,
    emit: (event) => event.type === 'reasoning-end' && ends.push(event),
  })
  parser.push('<think>a')
  clock = 1350.4
  parser.push('</think>b')
  expect(ends).toEqual([{ type: 'reasoning-end', durationMs: 1250 }])
})

test('after a tool call an opening tag may stand at the start again', () => {
  const events: StreamEvent[] = []
  const parser = new ReasoningParser({ profile: 'at-start', emit: (event) => events.push(event) })
  parser.push('text')
  parser.boundary()
  parser.push('<think>a</think>b')
  parser.end()
  expect(blocksOf(events)).toEqual([
    ['text', 'text'],
    ['reasoning', 'a'],
    ['text', 'b'],
  ])
})
