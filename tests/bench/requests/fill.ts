import { openDatabase } from '../../../apps/server/src/platform/db/index.ts'
import { newId } from '../../../apps/server/src/platform/ids.ts'
import { tokensOf } from '../../../apps/server/src/platform/search/index.ts'

export interface FillOptions {
  url: string
  dataFolder: string
  userIds: string[]
  modelIds: string[]
  conversations: number
  /** Half of them questions, half answers. */
  messages: number
}

export interface Filled {
  /** Conversation ids by user, in the order of `userIds`. */
  byUser: string[][]
}

const words =
  'thermal drift joint torque gripper belt camera zero housing warranty firmware quote safety'.split(' ')
const questionLength = 140
const answerLength = 420
const reasoningLength = 220

function text(seed: number, length: number): string {
  let made = ''
  for (let index = seed; made.length < length; index++) made += `${words[(index * 7 + seed) % words.length]} `
  return made.slice(0, length)
}

const meter = JSON.stringify({
  firstTokenMs: 420,
  durationMs: 5200,
  reasoningMs: 1800,
  tokensPerSecond: 52.1,
  inputTokens: 812,
  cachedInputTokens: 256,
  reasoningTokens: 96,
  outputTokens: 214,
})

/** Fills a stopped server's database with conversations, straight into the tables. */
export async function fill(options: FillOptions): Promise<Filled> {
  const db = await openDatabase({ url: options.url, dataFolder: options.dataFolder })
  const byUser: string[][] = options.userIds.map(() => [])
  const now = Date.now()
  const insert = (table: string, rows: Record<string, unknown>[], most: number) =>
    db.transaction(async (tx) => {
      for (let at = 0; at < rows.length; at += most) {
        await tx.runDynamic<Record<string, Record<string, unknown>>>((k) =>
          k.insertInto(table).values(rows.slice(at, at + most)),
        )
      }
    })
  try {
    const perBatch = 50
    for (let first = 0; first < options.conversations; first += perBatch) {
      const conversations: Record<string, unknown>[] = []
      const messages: Record<string, unknown>[] = []
      const generations: Record<string, unknown>[] = []
      const tokens: Record<string, unknown>[] = []
      for (let number = first; number < Math.min(first + perBatch, options.conversations); number++) {
        const user = number % options.userIds.length
        const owner = options.userIds[user] ?? ''
        const model = options.modelIds[number % options.modelIds.length] ?? ''
        const id = newId()
        byUser[user]?.push(id)
        const usedAt = now - (options.conversations - number) * 1000
        const title = `${text(number, 30).trim()} ${number}`
        conversations.push({
          id,
          owner_id: owner,
          visibility: 'private',
          version: 1,
          created_at: usedAt,
          updated_at: usedAt,
          deleted_at: null,
          title,
          model_id: model,
          system_prompt: '',
          parameters: '{}',
          live_generation_id: null,
          used_at: usedAt,
        })
        for (const token of tokensOf(title))
          tokens.push({ kind: 'conversation', owner_id: owner, token, resource_id: id })
        let parent: string | null = null
        for (let index = 0; index < options.messages; index++) {
          const messageId = newId()
          const isAnswer = index % 2 === 1
          const generationId = isAnswer ? newId() : null
          const seed = number * 41 + index
          messages.push({
            id: messageId,
            conversation_id: id,
            parent_id: parent,
            role: isAnswer ? 'assistant' : 'user',
            text: isAnswer ? null : text(seed, questionLength),
            generation_id: generationId,
            created_at: usedAt + index,
          })
          if (generationId) {
            const parts = JSON.stringify([
              { type: 'reasoning', text: text(seed + 1, reasoningLength), durationMs: 1800 },
              { type: 'text', text: text(seed + 2, answerLength) },
            ])
            generations.push({
              id: generationId,
              owner_id: owner,
              visibility: 'private',
              via: 'chat',
              subject_id: id,
              running_key: null,
              node_id: 'bench',
              state: 'finished',
              stop_requested: 0,
              model_id: model,
              connection_id: null,
              key_id: null,
              model_name: 'bench',
              parameters: '{}',
              parts,
              seq: 40,
              meter,
              warnings: '[]',
              finish_reason: 'stop',
              error: null,
              saved: 1,
              started_at: usedAt + index,
              ended_at: usedAt + index + 5200,
            })
          }
          parent = messageId
        }
      }
      await insert('conversation', conversations, 50)
      await insert('message', messages, 200)
      await insert('generation', generations, 100)
      await insert('search_token', tokens, 200)
    }
  } finally {
    await db.close()
  }
  return { byUser }
}
