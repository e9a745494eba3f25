import { expect, test } from 'vitest'
import { createLog } from './index.ts'
import { prettyStream } from './pretty.ts'

function collect() {
  const lines: string[] = []
  return { lines, stream: { write: (text: string) => void lines.push(text) } }
}

test('lines are JSON, below the level nothing is written, and secrets are hidden', () => {
  const { lines, stream } = collect()
  const log = createLog('info', stream)
  log.debug('unseen')
  log
    .child({ part: 'http' })
    .warn('refused', { authorization: 'Bearer abc', request: { cookie: 'a=b', path: '/x' } })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'warn',
    msg: 'refused',
    part: 'http',
    authorization: '[hidden]',
    request: { cookie: '[hidden]', path: '/x' },
  })
})

test('an error keeps its stack and its cause', () => {
  const { lines, stream } = collect()
  createLog('info', stream).error('failed', { error: new Error('outer', { cause: new Error('inner') }) })
  const { error } = JSON.parse(lines[0]!) as { error: { stack: string; cause: { message: string } } }
  expect(error.stack).toContain('log.test.ts')
  expect(error.cause.message).toBe('inner')
})

test('a terminal gets plain lines', () => {
  const { lines, stream } = collect()
  createLog('info', prettyStream(stream)).info('listening', { port: 4600 })
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d listening/)
  expect(lines[0]).toContain('port=4600')
})
