/**
 * The unsafe floor: node:http and prepared statements on the same file, no check of who asks or what is sent, nothing
 * audited, no changes pushed, `synchronous = NORMAL`. What the product costs above it is the price of its safety.
 * Arguments: the database file, a port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'

const [file = '', port = '0'] = process.argv.slice(2)
const db = new Database(file)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = NORMAL')
db.pragma('mmap_size = 268435456')

const list = db.prepare(
  'select id, title, model_id, used_at, live_generation_id from conversation where owner_id = ? and deleted_at is null order by used_at desc, id desc limit ?',
)
const found = db.prepare(
  "select id, title, model_id, used_at, live_generation_id from conversation where owner_id = ? and deleted_at is null and id in (select resource_id from search_token where kind = 'conversation' and owner_id = ? and token >= ? and token <= ?) order by used_at desc, id desc limit ?",
)
const one = db.prepare('select * from conversation where id = ?')
const messages = db.prepare(
  'select m.*, g.state, g.seq, g.parts, g.model_id, g.model_name, g.meter, g.warnings, g.finish_reason, g.error from message m left join generation g on g.id = m.generation_id where m.conversation_id = ? order by m.id desc limit ?',
)
const models = db.prepare(
  'select m.*, c.name as connection_name, c.provider from model m join connection c on c.id = m.connection_id where m.deleted_at is null order by m.created_at desc limit 30',
)
const runs = db.prepare(
  'select * from training_run where deleted_at is null order by created_at desc limit 50',
)
const append = db.prepare(
  "insert into message (id, conversation_id, parent_id, role, text, generation_id, created_at) values (?, ?, null, 'user', ?, null, ?)",
)
const touch = db.prepare('update conversation set used_at = ?, updated_at = ? where id = ?')
const rename = db.prepare('update conversation set title = ?, version = version + 1 where id = ?')

const iso = (ms: number): string => new Date(ms).toISOString()
type Row = Record<string, unknown>

const summary = (row: Row) => ({
  id: row['id'],
  title: row['title'],
  modelId: row['model_id'],
  modelName: 'bench',
  updatedAt: iso(Number(row['used_at'])),
  live: row['live_generation_id'] !== null,
})
const message = (row: Row) => ({
  id: row['id'],
  parentId: row['parent_id'],
  role: row['role'],
  createdAt: iso(Number(row['created_at'])),
  parts: row['parts'] === null ? [{ type: 'text', text: row['text'] }] : JSON.parse(String(row['parts'])),
  answer:
    row['generation_id'] === null
      ? null
      : {
          generationId: row['generation_id'],
          state: row['state'],
          seq: row['seq'],
          modelId: row['model_id'],
          modelName: row['model_name'],
          meter: JSON.parse(String(row['meter'])),
          finishReason: row['finish_reason'],
          error: null,
          warnings: JSON.parse(String(row['warnings'])),
        },
})
const model = (row: Row) => ({
  id: row['id'],
  ownerId: row['owner_id'],
  ownerName: 'bench',
  visibility: row['visibility'],
  version: row['version'],
  createdAt: iso(Number(row['created_at'])),
  updatedAt: iso(Number(row['updated_at'])),
  may: ['read', 'use'],
  name: row['name'],
  connectionId: row['connection_id'],
  connectionName: row['connection_name'],
  provider: row['provider'],
  providerModel: row['provider_model'],
  contextWindow: row['context_window'],
  reasoningProfile: row['reasoning_profile'],
  parameters: JSON.parse(String(row['parameters'])),
  deploymentId: null,
  health: 'unknown',
  lastError: null,
  firstTokenMs: null,
  tokensPerSecond: null,
})

function answer(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function read(request: IncomingMessage, then: (body: Row) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => then(JSON.parse(Buffer.concat(chunks).toString()) as Row))
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://floor')
  const user = String(request.headers['x-user'])
  const [, kind, id] = url.pathname.split('/')
  if (request.method === 'POST') {
    return read(request, (body) => {
      append.run(randomUUID(), id, body['text'], Date.now())
      touch.run(Date.now(), Date.now(), id)
      answer(response, { message: { id, parts: [{ type: 'text', text: body['text'] }] }, answer: null })
    })
  }
  if (request.method === 'PATCH') {
    return read(request, (body) => {
      rename.run(body['title'], id)
      answer(response, one.get(id))
    })
  }
  if (kind === 'models')
    return answer(response, { items: (models.all() as Row[]).map(model), nextCursor: null })
  if (kind === 'home') {
    const conversations = (list.all(user, 5) as Row[]).map(summary)
    const all = models.all() as Row[]
    const shown = all
      .slice(0, 5)
      .map((row) => ({ id: row['id'], name: row['name'], provider: row['provider'] }))
    return answer(response, { checklist: [], running: runs.all(), conversations, models: shown })
  }
  if (id) {
    const rows = (messages.all(id, 30) as Row[]).toReversed()
    return answer(response, { conversation: one.get(id), messages: rows.map(message), earlierCursor: null })
  }
  const search = url.searchParams.get('search')
  const rows = search ? found.all(user, user, search, `${search}\u{10ffff}`, 30) : list.all(user, 30)
  answer(response, { items: (rows as Row[]).map(summary), nextCursor: 'x' })
})
server.listen(Number(port), '127.0.0.1', () => console.log('floor ready'))
