import type { AppError } from '../platform/errors.ts'
import { createLog } from '../platform/log/index.ts'
import type { Config } from '../platform/config/index.ts'
import { errorBody } from '../platform/http/problem.ts'
import { operatorPath, readOperatorAccess } from '../platform/http/operator-access.ts'
import { openPlatform } from '../platform/open-platform.ts'
import { StartError } from '../platform/start-error.ts'
import { modules } from '../modules.ts'
import type { OperationInput, OperationName } from './operations.ts'
import { runOperation } from './operations.ts'

interface Problem {
  code?: string
  title?: string
  detail?: string
  errors?: { pointer: string; detail: string }[]
}

function inWords(problem: Problem): string {
  const fields = problem.errors?.map((field) => `${field.pointer.slice(1)}: ${field.detail}`) ?? []
  return [`${problem.title ?? 'This did not work'}. ${problem.detail ?? ''}`.trim(), ...fields].join('\n')
}

/** The words that a person would read of an error in the page. */
export function problemInWords(error: AppError): string {
  return inWords(JSON.parse(errorBody(error, 'problem', 'en', '').body) as Problem)
}

/** A change of the master key rewrites all secrets before it answers. */
const patienceMs: Record<string, number> = { 'rotate-key': 30 * 60_000 }

/** What a running server answers; null where none runs on this data folder. */
export async function askServer(config: Config, operation: string, input: unknown): Promise<string[] | null> {
  const access = readOperatorAccess(config.data)
  if (!access) return null
  let reply: Response
  try {
    reply = await fetch(access.url + operatorPath, {
      method: 'POST',
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operation, input }),
      signal: AbortSignal.timeout(patienceMs[operation] ?? 60_000),
    })
  } catch (error) {
    // Its file stayed behind when it was killed.
    if (error instanceof TypeError) return null
    throw error
  }
  const body = (await reply.json()) as Problem & { lines?: string[] }
  // Another server listens there by now.
  if (body.code === 'platform.no-such-route') return null
  if (!reply.ok || !body.lines) throw new StartError(inWords(body))
  return body.lines
}

/** Asks the running server, or opens the database for the moment where none runs. */
export async function ask<N extends OperationName>(
  config: Config,
  operation: N,
  input: OperationInput<N>,
): Promise<string[]> {
  const answered = await askServer(config, operation, input)
  if (answered) return answered
  const opened = await openPlatform(config, modules, createLog('error'))
  try {
    return await runOperation(opened.platform, operation, input)
  } finally {
    await opened.close()
  }
}
