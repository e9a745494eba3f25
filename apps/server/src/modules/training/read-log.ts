import type { RouteHandlerInput, SocketMessage } from '@anneal/contract'
import { type Context, type Platform, perPlatform } from '../../platform/context.ts'
import type { LogPage } from '../../platform/processes/index.ts'
import { ProcessLog } from '../../platform/processes/index.ts'
import { AppError } from '../../platform/errors.ts'
import { enginePaths } from './engine/engine-paths.ts'
import { requireHere, runFor } from './load.ts'
import { runFolder } from './run-folder.ts'

/** Finds the folder of a log by the id that it is watched under, after checking the right to read; null: not mine. */
export type LogSource = (ctx: Context, id: string) => Promise<string | null>

/** Logs whose lines are indexed at a time. */
const KEPT = 32

interface Logs {
  open: Map<string, ProcessLog>
  sources: LogSource[]
}

const logsOf = perPlatform((_platform): Logs => ({ open: new Map(), sources: [] }))

/** The log of a folder, with its index of lines kept for the next reader. */
export function logOf(platform: Platform, folder: string): ProcessLog {
  const { open } = logsOf(platform)
  const log = open.get(folder) ?? new ProcessLog(folder)
  open.delete(folder)
  open.set(folder, log)
  const oldest = open.keys().next().value
  if (open.size > KEPT && oldest !== undefined) {
    void open.get(oldest)?.close()
    open.delete(oldest)
  }
  return log
}

/** Lets another module's logs be watched on the socket under their ids. */
export function addLogSource(platform: Platform, source: LogSource): void {
  logsOf(platform).sources.push(source)
}

export async function closeLogs(platform: Platform): Promise<void> {
  const { open } = logsOf(platform)
  await Promise.all([...open.values()].map((log) => log.close()))
  open.clear()
}

export async function readRunLog(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'training.log'>['query'],
): Promise<LogPage> {
  const row = await runFor(ctx, ctx.platform.db.read, id, 'read')
  await requireHere(ctx, row)
  return logOf(ctx.platform, runFolder(ctx.platform, id)).page(query)
}

export function readEngineLog(
  ctx: Context,
  query: RouteHandlerInput<'training.engineLog'>['query'],
): Promise<LogPage> {
  return logOf(ctx.platform, enginePaths(ctx.platform.config).setup).page(query)
}

async function folderOf(ctx: Context, id: string): Promise<string> {
  const { platform, actor } = ctx
  if (id === 'engine') {
    if (!('permissions' in actor) || !actor.permissions.has('training.read'))
      throw new AppError('auth.forbidden')
    return enginePaths(platform.config).setup
  }
  for (const source of logsOf(platform).sources) {
    const folder = await source(ctx, id)
    if (folder !== null) return folder
  }
  const row = await runFor(ctx, platform.db.read, id, 'read')
  await requireHere(ctx, row)
  return runFolder(platform, id)
}

/** The socket's topic `log`: lines after number `after`, then each new one. */
export async function openLogTopic(
  ctx: Context,
  id: string,
  after: number,
  push: (message: SocketMessage) => void,
): Promise<() => void> {
  const folder = await folderOf(ctx, id)
  // A log of its own: the shared one may be closed for others while this reader still watches.
  const log = new ProcessLog(folder)
  const end = log.watch(after, (lines) => push({ type: 'log', id, lines }))
  return () => {
    end()
    void log.close()
  }
}
