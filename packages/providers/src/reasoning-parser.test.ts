import type { ReasoningProfile, StreamEvent } from '@anneal/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_TAG } from './reasoning/tag-matcher.ts'
import { ReasoningParser } from './reasoning-parser.ts'

type Block = ['reasoning' | 'text' | 'unterminated', string]

const run = (profile: ReasoningProfile, parts: string[]): StreamEvent[] => {
  const events: StreamEvent[] = []
  const parser = new ReasoningParser({ profile, emit: (event) => events.push(event), now: () => 0 })
  for (const part of parts) parser.push(part)
  parser.end()
  return events
}

/** Adjacent deltas as one, so that runs over different cuts can be compared. */
const merged = (events: StreamEvent[]): StreamEvent[] => {
  const result: StreamEvent[] = []
  for (const event of events) {
    const last = result.at(-1)
    if (last && 'text' in last && 'text' in event && last.type === event.type) {
      result[result.length - 1] = { ...last, text: last.text + event.text } as StreamEvent
    } else result.push(event)
  }
  return result
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

const vectors: [name: string, profile: ReasoningProfile, input: string, expected: Block[]][] = [
  ['plain text', 'at-start', 'Hello.', [['text', 'Hello.']]],
  ['an empty message', 'at-start', '', []],
  [
    'reasoning, then the answer',
    'at-start',
    '<think>why</think>because',
    [
      ['reasoning', 'why'],
      ['text', 'because'],
    ],
  ],
  [
    'white space is kept on both sides',
    'at-start',
    '\n <think>\na\n</think>\n\nb',
    [
      ['text', '\n '],
      ['reasoning', '\na\n'],
      ['text', '\n\nb'],
    ],
  ],
  [
    'an empty block',
    'at-start',
    '<think></think>b',
    [
      ['reasoning', ''],
      ['text', 'b'],
    ],
  ],
  // The faults seen in other systems.
  [
    'a tag named in inline code',
    'anywhere',
    'Use `<think>` tags here',
    [['text', 'Use `<think>` tags here']],
  ],
  [
    'a tag named in inline code, at the start',
    'at-start',
    '`<think>` opens it',
    [['text', '`<think>` opens it']],
  ],
  [
    'capitals',
    'at-start',
    '<THINK>a</THINK>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'mixed capitals',
    'at-start',
    '<Think>a</tHiNk>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'the longer name',
    'at-start',
    '<thinking>a</thinking>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'nested tags',
    'at-start',
    '<think>a<think>b</think>c</think>d',
    [
      ['reasoning', 'abc'],
      ['text', 'd'],
    ],
  ],
  [
    'nested twice',
    'anywhere',
    '<think><think><think>a</think></think>b</think>c',
    [
      ['reasoning', 'ab'],
      ['text', 'c'],
    ],
  ],
  [
    'an orphan close tag',
    'at-start',
    'hidden</think>shown',
    [
      ['reasoning', 'hidden'],
      ['text', 'shown'],
    ],
  ],
  [
    'an orphan close tag after white space only',
    'at-start',
    '\n</think>shown',
    [
      ['reasoning', '\n'],
      ['text', 'shown'],
    ],
  ],
  ['an orphan close tag before anything', 'at-start', '</think>shown', [['text', 'shown']]],
  ['never closed', 'at-start', '<think>on and on', [['unterminated', 'on and on']]],
  [
    'nothing is put between two blocks',
    'anywhere',
    '<think>a</think><think>b</think>c',
    [
      ['reasoning', 'a'],
      ['reasoning', 'b'],
      ['text', 'c'],
    ],
  ],
  ['a text that ends in <', 'anywhere', 'is a <', [['text', 'is a <']]],
  ['a text that ends within a tag', 'anywhere', 'so </thin', [['text', 'so </thin']]],
  ['reasoning that ends within its close tag', 'at-start', '<think>a</think', [['unterminated', 'a</think']]],
  [
    'close tags in a fence',
    'at-start',
    '```xml\n<think>a</think>\n```\nend',
    [['text', '```xml\n<think>a</think>\n```\nend']],
  ],
  ['open tags in a fence', 'anywhere', '~~~\n<think>\n~~~\nend', [['text', '~~~\n<think>\n~~~\nend']]],
  [
    'repeated text is not deleted',
    'at-start',
    '<think>ab</think>ab ab',
    [
      ['reasoning', 'ab'],
      ['text', 'ab ab'],
    ],
  ],
  // Families.
  [
    'reasoning',
    'at-start',
    '<reasoning>a</reasoning>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'thought',
    'at-start',
    '<thought>a</thought>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'square brackets',
    'at-start',
    '[THINK]a[/THINK]b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'another family does not close',
    'at-start',
    '<think>a</thinking>b</think>c',
    [
      ['reasoning', 'a</thinking>b'],
      ['text', 'c'],
    ],
  ],
  [
    'another family does not nest',
    'at-start',
    '<think>a<thought>b</think>c',
    [
      ['reasoning', 'a<thought>b'],
      ['text', 'c'],
    ],
  ],
  [
    'square brackets do not close angles',
    'at-start',
    '<think>a[/THINK]b</think>c',
    [
      ['reasoning', 'a[/THINK]b'],
      ['text', 'c'],
    ],
  ],
  ['[reasoning] is no tag', 'anywhere', '[reasoning]a[/reasoning]', [['text', '[reasoning]a[/reasoning]']]],
  // Inner white space.
  [
    'white space inside',
    'at-start',
    '< think >a</ think\n>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'white space before the slash',
    'at-start',
    '<think>a< /think>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  [
    'eight of white space',
    'at-start',
    '<    think    >a</think>b',
    [
      ['reasoning', 'a'],
      ['text', 'b'],
    ],
  ],
  ['nine are too many', 'at-start', '<    think     >a', [['text', '<    think     >a']]],
  // What only looks like a tag.
  ['a longer word', 'anywhere', '<thinker>a', [['text', '<thinker>a']]],
  ['a shorter word', 'anywhere', '<thin>a</thin>', [['text', '<thin>a</thin>']]],
  ['attributes', 'anywhere', '<think mode="x">a', [['text', '<think mode="x">a']]],
  ['self-closing', 'anywhere', '<think/>a', [['text', '<think/>a']]],
  ['two slashes', 'at-start', '<think>a<//think>b', [['unterminated', 'a<//think>b']]],
  [
    'a bracket before the tag',
    'at-start',
    '<think>a<</think>b',
    [
      ['reasoning', 'a<'],
      ['text', 'b'],
    ],
  ],
  [
    'half a tag before the tag',
    'at-start',
    '<think>a</thi</think>b',
    [
      ['reasoning', 'a</thi'],
      ['text', 'b'],
    ],
  ],
  ['split words', 'anywhere', '<thi nk>a', [['text', '<thi nk>a']]],
  ['the Kelvin sign is no k', 'anywhere', '<thin\u212a>a', [['text', '<thin\u212a>a']]],
  ['comparisons', 'anywhere', 'a < b, c <d> [1] x<5', [['text', 'a < b, c <d> [1] x<5']]],
  // Profiles.
  ['off knows no tags', 'off', '<think>a</think>b', [['text', '<think>a</think>b']]],
  [
    'at-start: later tags are text',
    'at-start',
    'Well, <think> is a tag',
    [['text', 'Well, <think> is a tag']],
  ],
  [
    'at-start: no answer yet between two blocks',
    'at-start',
    '<think>a</think>\n<think>b</think>c',
    [
      ['reasoning', 'a'],
      ['text', '\n'],
      ['reasoning', 'b'],
      ['text', 'c'],
    ],
  ],
  [
    'anywhere: in the middle',
    'anywhere',
    'a<think>b</think>c',
    [
      ['text', 'a'],
      ['reasoning', 'b'],
      ['text', 'c'],
    ],
  ],
  [
    'assume-open',
    'assume-open',
    'why</think>because',
    [
      ['reasoning', 'why'],
      ['text', 'because'],
    ],
  ],
  [
    'assume-open, tag written all the same',
    'assume-open',
    '\n<think>why</think>because',
    [
      ['reasoning', '\nwhy'],
      ['text', 'because'],
    ],
  ],
  [
    'assume-open, any family closes',
    'assume-open',
    'why[/THINK]because',
    [
      ['reasoning', 'why'],
      ['text', 'because'],
    ],
  ],
  [
    'assume-open, nested',
    'assume-open',
    'a<think>b</think>c</think>d',
    [
      ['reasoning', 'abc'],
      ['text', 'd'],
    ],
  ],
  ['assume-open, never closed', 'assume-open', 'why', [['unterminated', 'why']]],
  [
    'assume-open, tag in the answer',
    'assume-open',
    'a</think>b <think> c',
    [
      ['reasoning', 'a'],
      ['text', 'b <think> c'],
    ],
  ],
  ['assume-open, only white space came', 'assume-open', '\n', [['unterminated', '\n']]],
  // Code.
  ['close tag in inline code', 'at-start', 'Write `</think>` last', [['text', 'Write `</think>` last']]],
  ['double backticks', 'at-start', '``a ` </think>`` b', [['text', '``a ` </think>`` b']]],
  ['inline code over a line', 'at-start', '`a\n</think>` b', [['text', '`a\n</think>` b']]],
  [
    'inline code ends with its paragraph',
    'at-start',
    'a ` b\n\nc</think>d',
    [
      ['reasoning', 'a ` b\n\nc'],
      ['text', 'd'],
    ],
  ],
  [
    'after inline code',
    'at-start',
    '`a` b</think>c',
    [
      ['reasoning', '`a` b'],
      ['text', 'c'],
    ],
  ],
  [
    'an escaped backtick opens nothing',
    'at-start',
    'a \\` b</think>c',
    [
      ['reasoning', 'a \\` b'],
      ['text', 'c'],
    ],
  ],
  ['an escaped backslash escapes nothing', 'at-start', '\\\\`</think>`', [['text', '\\\\`</think>`']]],
  ['fence left open', 'at-start', '```\n</think>', [['text', '```\n</think>']]],
  [
    'after a fence',
    'at-start',
    '```\na\n```\nb</think>c',
    [
      ['reasoning', '```\na\n```\nb'],
      ['text', 'c'],
    ],
  ],
  [
    'a shorter fence does not close',
    'at-start',
    '````\n```\n</think>\n````',
    [['text', '````\n```\n</think>\n````']],
  ],
  [
    'the other mark does not close',
    'at-start',
    '```\n~~~\n</think>\n```',
    [['text', '```\n~~~\n</think>\n```']],
  ],
  [
    'a fence with words does not close',
    'at-start',
    '```\n``` x\n</think>\n```',
    [['text', '```\n``` x\n</think>\n```']],
  ],
  [
    'three backticks as inline code',
    'at-start',
    '```a``` b</think>c',
    [
      ['reasoning', '```a``` b'],
      ['text', 'c'],
    ],
  ],
  [
    'three backticks, not closed on the line',
    'at-start',
    '```a`b</think>``` c</think>d',
    [
      ['reasoning', '```a`b</think>``` c'],
      ['text', 'd'],
    ],
  ],
  ['a fence in a list', 'at-start', '- ```\n  </think>\n  ```\nb', [['text', '- ```\n  </think>\n  ```\nb']]],
  [
    'a fence in a quotation',
    'at-start',
    '> ```\n> </think>\n> ```\nb',
    [['text', '> ```\n> </think>\n> ```\nb']],
  ],
  [
    'two tildes are no fence',
    'at-start',
    '~~a~~ b</think>c',
    [
      ['reasoning', '~~a~~ b'],
      ['text', 'c'],
    ],
  ],
  [
    'code starts afresh after reasoning',
    'at-start',
    '<think>a ` b</think>c `</think>`',
    [
      ['reasoning', 'a ` b'],
      ['text', 'c `</think>`'],
    ],
  ],
  [
    'a fence directly behind the close tag',
    'at-start',
    '<think>a</think>```\n</think>\n```',
    [
      ['reasoning', 'a'],
      ['text', '```\n</think>\n```'],
    ],
  ],
  [
    'half a tag with a line break before a fence',
    'anywhere',
    '<\n```\n<think>\n```',
    [['text', '<\n```\n<think>\n```']],
  ],
  [
    'characters beyond the basic plane',
    'at-start',
    '<think>思考🤔</think>答え🎉',
    [
      ['reasoning', '思考🤔'],
      ['text', '答え🎉'],
    ],
  ],
]

describe.each(vectors)('%s (%s)', (_, profile, input, expected) => {
  const whole = merged(run(profile, [input]))

  test('splits as it should', () => expect(blocksOf(whole)).toEqual(expected))

  test('does not depend on where the text was cut', () => {
    for (let at = 0; at <= input.length; at++) {
      expect(merged(run(profile, [input.slice(0, at), input.slice(at)]))).toEqual(whole)
    }
    expect(merged(run(profile, input.split('')))).toEqual(whole)
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
        expect(merged(run(name, cutAt(text, cuts)))).toEqual(merged(run(name, [text])))
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
