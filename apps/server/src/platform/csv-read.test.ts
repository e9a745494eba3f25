import { expect, test } from 'vitest'
import { CsvError, csvRows } from './csv-read.ts'

const rows = (text: string) => [...csvRows(text)].map(({ line, cells }) => [line, ...cells])

test.each([
  [
    'a,b\r\n1,2\r\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    '\ufeffa;b\n"x;y";2',
    [
      [1, 'a', 'b'],
      [2, 'x;y', '2'],
    ],
  ],
  [
    'a\tb\n\n\n1\t2',
    [
      [1, 'a', 'b'],
      [4, '1', '2'],
    ],
  ],
  [
    'a,b\n"one ""two""\nthree",4\n5,6',
    [
      [1, 'a', 'b'],
      [2, 'one "two"\nthree', '4'],
      [4, '5', '6'],
    ],
  ],
  [
    'a,b\n1,\n,\n',
    [
      [1, 'a', 'b'],
      [2, '1', ''],
    ],
  ],
  ['', []],
])('%j', (text, expected) => expect(rows(text)).toEqual(expected))

test('a quote that does not end is told with its line', () => {
  expect(() => rows('a,b\n1,"2\n3')).toThrow(CsvError)
  expect(() => rows('a,b\n1,"2\n3')).toThrow('line 2')
})
