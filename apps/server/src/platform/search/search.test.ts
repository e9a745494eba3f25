import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { askedOf, indexText, searchMigrations, tokensOf } from './index.ts'
import type { SearchTokenRow } from './index.ts'

describe('tokens', () => {
  test.each([
    ['Training LoRA-8 adapters', ['training', 'lora', '8', 'adapters']],
    ['大模型', ['大模', '模型', '大', '模', '型']],
    ['模型', ['模型', '模', '型']],
    ['模', ['模']],
    ['用Qwen3训练模型', ['用', 'qwen3', '训练', '练模', '模型', '训', '练', '模', '型']],
    ['ＬＯＲＡ', ['lora']],
    ['हिन्दी café', ['हिन्दी', 'café']],
    ['  …!? ', []],
  ])('of %j', (text, tokens) => {
    expect(new Set(tokensOf(text))).toEqual(new Set(tokens.map((token) => token.normalize('NFKC'))))
  })

  test('of a long text end somewhere, and none is too long for its column', () => {
    const text = `${'x'.repeat(100)} ${Array.from({ length: 1000 }, (_, at) => `w${at}`).join(' ')}`
    expect(tokensOf(text).length).toBeLessThan(500)
    expect(Math.max(...tokensOf(text).map((token) => token.length))).toBe(40)
  })

  test('asked for: the last word may still be being typed, a pair of characters is whole', () => {
    expect(askedOf('Fine tun')).toEqual([
      { token: 'fine', prefix: false },
      { token: 'tun', prefix: true },
    ])
    expect(askedOf('训练模型')).toEqual(['训练', '练模', '模型'].map((token) => ({ token, prefix: false })))
    expect(askedOf('模')).toEqual([{ token: '模', prefix: false }])
  })
})

describe.each(testDialects())('search, %s', (dialect) => {
  let opened: TestDb
  const texts = {
    one: 'Fine-tuning Qwen3 在中文数据上',
    two: '训练大模型 with LoRA',
    three: 'tuning forks and 模具',
    other: 'Fine-tuning of someone else',
  }
  beforeAll(async () => {
    opened = await openTestDb(dialect, searchMigrations)
    await opened.db.transaction(async (tx) => {
      for (const [id, text] of Object.entries(texts)) {
        const ownerId = id === 'other' ? 'somebody' : 'me'
        await indexText(tx, { kind: 'thing', id, ownerId }, 'what it said before')
        await indexText(tx, { kind: 'thing', id, ownerId }, text)
      }
    })
  })
  afterAll(() => opened.close())

  const find = async (text: string) => {
    const found = await Promise.all(
      askedOf(text).map(({ token, prefix }) =>
        opened.db.read.dynamic<{ search_token: SearchTokenRow }, { resource_id: string }>((k) =>
          k
            .selectFrom('search_token')
            .select('resource_id')
            .distinct()
            .where('kind', '=', 'thing')
            .where('owner_id', '=', 'me')
            .where('token', '>=', token)
            .where('token', '<=', prefix ? `${token}\u{10ffff}` : token),
        ),
      ),
    )
    return Object.keys(texts).filter((id) =>
      found.every((rows) => rows.some((row) => row.resource_id === id)),
    )
  }

  test.each([
    ['tuning', ['one', 'three']],
    ['TUN', ['one', 'three']],
    ['fine tuning', ['one']],
    ['tun fine', []],
    ['模型', ['two']],
    ['模', ['two', 'three']],
    ['中文', ['one']],
    ['qwen3 数据', ['one']],
    ['lora 大模型', ['two']],
    ['before', []],
    ['型大', []],
  ])('for %j', async (text, ids) => {
    expect(await find(text)).toEqual(ids)
  })
})
