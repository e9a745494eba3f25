import { expect, test } from 'vitest'
import { fileName, safeContentType } from './content-type.ts'

test.each(['a.html', 'a.svg', 'a.xhtml', 'a.js', 'a.xml', 'a', 'a.png.html', '.__proto__', 'a.constructor'])(
  '%s is bytes to be saved',
  (path) => {
    expect(safeContentType(path)).toBe('application/octet-stream')
  },
)

test('what a browser shows without running it keeps its type', () => {
  expect(safeContentType('media/image/1.PNG')).toBe('image/png')
  expect(safeContentType('a.txt')).toBe('text/plain; charset=utf-8')
})

test('a download is called as the last part of its path', () => {
  expect(fileName('deep/er/notes.txt')).toBe('notes.txt')
  expect(fileName('deep\\notes.txt')).toBe('notes.txt')
  expect(fileName('deep/')).toBe('file')
})
