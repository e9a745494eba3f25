import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runThread } from '../../../platform/threads.ts'
import type { Exported } from './export-file.ts'

test('the good rows of every format are written as messages, in their order', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-export-'))
  try {
    const [from, to] = [path.join(folder, 'from.jsonl'), path.join(folder, 'to.jsonl')]
    const rows = [
      '{"prompt":"a","completion":"<think>hm</think>b"}',
      'not a row',
      '{"instruction":"c","output":"d"}',
    ]
    writeFileSync(from, `\uFEFF${rows.join('\r\n\r\n')}`)
    const exported = await runThread<Exported>('modules/datasets/export.worker', { data: { from, to } })
    const written = readFileSync(to, 'utf8')
    const turn = (role: string, content: string) => ({ role, content })
    expect(written.split('\n').map((line) => (line ? (JSON.parse(line) as unknown) : null))).toEqual([
      { messages: [turn('user', 'a'), { ...turn('assistant', 'b'), reasoning: 'hm' }] },
      { messages: [turn('user', 'c'), turn('assistant', 'd')] },
      null,
    ])
    expect(exported).toEqual({ rows: 2, sha256: createHash('sha256').update(written).digest('hex') })
    await expect(
      runThread('modules/datasets/export.worker', { data: { from: path.join(folder, 'none'), to } }),
    ).rejects.toMatchObject({ code: 'ENOENT' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
