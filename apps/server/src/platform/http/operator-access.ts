import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

/** Where the command line finds a server that runs, in a file of the data folder that only its owner reads. */
export interface OperatorAccess {
  url: string
  token: string
}

export const operatorPath = '/api/v1/operator'
const fileOf = (data: string) => path.join(data, 'cli.json')

/** Null where no server has left its address, which is also so after it has stopped. */
export function readOperatorAccess(data: string): OperatorAccess | null {
  try {
    return JSON.parse(readFileSync(fileOf(data), 'utf8')) as OperatorAccess
  } catch {
    return null
  }
}

/** This machine, and nobody behind a proxy on it. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const remote = socket.remoteAddress?.replace(/^::ffff:/, '')
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || !remote) return false
  return (
    remote === '::1' || remote.startsWith('127.') || remote === socket.localAddress?.replace(/^::ffff:/, '')
  )
}

/**
 * The way in for the command line of whoever owns the data folder; to all others there is nothing here.
 * @param run does what is asked, and gives lines to print
 */
export function addOperatorRoute(
  app: FastifyInstance,
  data: string,
  run: (operation: string, input: unknown) => Promise<string[]>,
): { announce(url: string): void; withdraw(): void } {
  const token = randomBytes(32).toString('base64url')
  const expected = Buffer.from(`Bearer ${token}`)
  app.post(operatorPath, async (request) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    const knows = given.length === expected.length && timingSafeEqual(given, expected)
    if (!isLocal(request) || !knows) throw new AppError('platform.no-such-route')
    const { operation, input } = request.body as { operation: string; input: unknown }
    return { lines: await run(operation, input) }
  })
  return {
    announce(url) {
      writeFileSync(fileOf(data), JSON.stringify({ url, token }), { mode: 0o600 })
    },
    withdraw() {
      rmSync(fileOf(data), { force: true })
    },
  }
}
