import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fileProblem } from './file-head.ts'

const row = '{"prompt":"a","completion":"b"}'

test.each<[string, Buffer, string | null]>([
  ['JSONL', Buffer.from(`${row}\n${row}\n`), null],
  ['JSONL with a mark, CRLF and blank lines', Buffer.from(`\uFEFF\r\n${row}\r\n\r\n`), null],
  ['JSONL that begins with an array as a row', Buffer.from(`[1]\n${row}\n`), null],
  ['an array in one line', Buffer.from(`[${row},${row}]`), 'datasets.not-jsonl'],
  ['an array over lines', Buffer.from(`[\n  ${row},\n  ${row}\n]`), 'datasets.not-jsonl'],
  ['an object over lines', Buffer.from('{\n  "messages": []\n}'), 'datasets.not-jsonl'],
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${row}`, 'utf16le'), 'datasets.wrong-encoding'],
  ['UTF-16 without one', Buffer.from(row, 'utf16le'), 'datasets.wrong-encoding'],
  ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'datasets.compressed'],
  ['gzip', gzipSync(row), 'datasets.compressed'],
  ['Parquet', Buffer.from('PAR1xyz'), 'datasets.binary'],
  [
    'another binary',
    Buffer.concat([Buffer.from('SQLite format 3 and more text'), Buffer.alloc(1)]),
    'datasets.binary',
  ],
])('%s', (_name, head, problem) => {
  expect(fileProblem(head)).toBe(problem)
})
