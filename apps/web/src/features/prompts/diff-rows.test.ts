import { expect, test } from 'vitest'
import { diffRows } from './diff-rows.ts'

const shown = (before: string, after: string) =>
  diffRows(before, after).rows.map(({ kind, before: left, after: right, pieces }) => {
    const text = pieces.map((piece) => (piece.changed ? `[${piece.text}]` : piece.text)).join('')
    return `${left ?? ' '} ${right ?? ' '} ${kind === 'same' ? ' ' : kind === 'added' ? '+' : '-'}${text}`
  })

test('a changed line stands twice, with the words that differ', () => {
  expect(shown('One\nGive the steps as seems best.\nThree', 'One\nGive the steps in order.\nThree')).toEqual([
    '1 1  One',
    '2   -Give the steps [as seems best].',
    '  2 +Give the steps [in order].',
    '3 3  Three',
  ])
})

test('lines that have nothing in common are shown whole', () => {
  expect(shown('Alpha beta gamma\nEnd', 'One two three\nEnd')).toEqual([
    '1   -[Alpha beta gamma]',
    '  1 +[One two three]',
    '2 2  End',
  ])
})

test('more lines than before, and a last line without a break', () => {
  const diff = diffRows('A\nB', 'A\nB\n\nC')
  expect([diff.added, diff.removed]).toEqual([2, 0])
  expect(diff.rows.map((row) => row.kind)).toEqual(['same', 'same', 'added', 'added'])
})

test('equal texts have no changed row', () => {
  expect(diffRows('A\nB', 'A\nB')).toMatchObject({ added: 0, removed: 0 })
})

test('Chinese is parted into words too', () => {
  expect(shown('按顺序给出步骤，一步一个操作。', '按重要性给出步骤，一步一个操作。')).toEqual([
    '1   -按[顺序]给出步骤，一步一个操作。',
    '  1 +按[重要性]给出步骤，一步一个操作。',
  ])
})
