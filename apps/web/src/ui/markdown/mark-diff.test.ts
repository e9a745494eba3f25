import { describe, expect, test } from 'vitest'
import { wordDiff } from '../text-diff.ts'
import { changedShare, joinChanges, layDiff } from './mark-diff.ts'

const laid = (before: string, texts: string[]) => layDiff(wordDiff(before, texts.join('')), texts)

describe('a diff laid over the texts of a document', () => {
  test('what was added is marked in each text that it runs through, blanks between are not', () => {
    expect(laid('Hello you', ['Hello ', 'big wide', '\n', 'world, you'])).toEqual([
      [{ kind: 'same', text: 'Hello ' }],
      [{ kind: 'added', text: 'big wide' }],
      [{ kind: 'same', text: '\n' }],
      [
        { kind: 'added', text: 'world, ' },
        { kind: 'same', text: 'you' },
      ],
    ])
  })

  test('a few removed words stay, more are counted', () => {
    expect(laid('Hello Ms Brandt', ['Dear Ms Brandt'])[0]).toEqual([
      { kind: 'removed', text: 'Hello' },
      { kind: 'added', text: 'Dear' },
      { kind: 'same', text: ' Ms Brandt' },
    ])
    expect(laid('one two three four five', ['one five'])[0]).toContainEqual({
      kind: 'folded',
      words: 3,
      text: 'two three four',
    })
  })

  test('what was removed at the end stands at the end, never in a blank', () => {
    const pieces = laid('One. And two more words', ['One.', '\n'])
    expect(pieces[0]?.at(-1)).toMatchObject({ kind: 'folded', words: 4 })
    expect(pieces[1]).toEqual([{ kind: 'same', text: '\n' }])
  })

  test('nothing is lost: the kept and added pieces are the texts', () => {
    const texts = ['The arm ', 'stops ', '\n', 'when it is ', 'too warm', '.']
    const pieces = laid('An arm stops if cold. Then it waits for a while.', texts)
    const kept = pieces.map((list) =>
      list.flatMap((piece) => (piece.kind === 'same' || piece.kind === 'added' ? [piece.text] : [])).join(''),
    )
    expect(kept.join('')).toBe(texts.join(''))
  })
})

describe('changes that stand close together', () => {
  const joined = (before: string, after: string) => joinChanges(wordDiff(before, after))

  test('are one: removed as a whole, then added as a whole', () => {
    expect(joined('thank you for the photo now', 'I can reassure the whole team now')).toEqual([
      { kind: 'removed', text: 'thank you for the photo ' },
      { kind: 'added', text: 'I can reassure the whole team ' },
      { kind: 'same', text: 'now' },
    ])
  })

  test('stay apart where they share enough', () => {
    const parts = joined('Set the payload to 3.5 kg today', 'Put the payload to 4.8 kg today')
    expect(parts.filter((part) => part.kind === 'removed')).toHaveLength(2)
  })

  test('hold both texts whole', () => {
    const before = 'The arm stops. It is cold, and it waits for you.'
    const after = 'An arm never stops when it is warm and waits.'
    const side = (without: string) =>
      joined(before, after).flatMap((part) => (part.kind === without ? [] : [part.text]))
    expect(side('added').join('')).toBe(before)
    expect(side('removed').join('')).toBe(after)
  })
})

describe('the share that differs', () => {
  test.each([
    ['the same words', 'the same words', 0],
    ['one two', 'three four', 1],
    ['one two', 'one three', 0.5],
    ['', '', 0],
    ['你好世界', '你好世界', 0],
  ])('%j and %j', (before, after, share) => {
    expect(changedShare(wordDiff(before, after))).toBe(share)
  })
})
