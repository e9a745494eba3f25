import { describe, expect, it } from 'vitest'
import { splitBlocks } from './split-blocks.ts'

const kinds = (source: string) =>
  splitBlocks(source).blocks.map((block) =>
    block.type === 'code' ? `code:${block.code}` : block.source.trim(),
  )

describe('splitBlocks', () => {
  it('cuts paragraphs at blank lines', () => {
    expect(kinds('one\ntwo\n\nthree')).toEqual(['one\ntwo', 'three'])
  })

  it('keeps a loose list and its indented code together', () => {
    expect(kinds('- a\n\n- b\n\n  ```js\n  x\n  ```\n\nafter')).toEqual([
      '- a\n\n- b\n\n  ```js\n  x\n  ```',
      'after',
    ])
  })

  it('makes fenced code a block of its own, with blank lines inside', () => {
    expect(kinds('before\n```py\na\n\nb\n```\nafter')).toEqual(['before', 'code:a\n\nb', 'after'])
  })

  it('says that a fence is still open', () => {
    expect(splitBlocks('```py\na').blocks).toEqual([{ type: 'code', code: 'a', language: 'py', open: true }])
  })

  it('is not closed by a shorter fence', () => {
    expect(kinds('````\n```\n````')).toEqual(['code:```'])
  })

  it('tells where the last block begins, so that what lies before it need not be read again', () => {
    const source = 'one\n\ntwo\n\n```\ncode\n```\n\nlast one'
    const { lastStart } = splitBlocks(source)
    expect(source.slice(lastStart)).toBe('last one')
  })

  it('gives the same blocks, however the text grew', () => {
    const source = '# T\n\ntext **b**\n\n1. a\n2. b\n\n   more\n\n```ts\nlet x = 1\n\n\ny\n```\n\n> q\n\nend'
    let done = 0
    const kept: unknown[] = []
    let tail: unknown[] = []
    for (let length = 1; length <= source.length; length++) {
      const { blocks, lastStart } = splitBlocks(source.slice(done, length))
      kept.push(...blocks.slice(0, -1))
      tail = blocks.slice(-1)
      done += lastStart
    }
    expect([...kept, ...tail]).toEqual(splitBlocks(source).blocks)
  })
})
