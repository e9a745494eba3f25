import { type Platform, perPlatform } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { homeMigrations } from './home.repo.ts'
import { homeHandlers } from './home.routes.ts'
import { deleteNoticesBefore, noticeMigrations } from './notices.repo.ts'
import { joinNews } from './tell.ts'

joinNews()

const dayMs = 86_400_000
const keptDays = 90
const pruning = perPlatform<{ timer?: NodeJS.Timeout }>(() => ({}))

async function prune(platform: Platform): Promise<void> {
  const before = platform.clock.now() - keptDays * dayMs
  try {
    await platform.db.transaction((tx) => tx.run(deleteNoticesBefore, { before }))
  } catch (error) {
    platform.log.warn('old notices could not be deleted', { error })
  }
}

export const homeModule: Module = {
  name: 'home',
  migrations: [...homeMigrations, ...noticeMigrations],
  routes: homeHandlers,
  async ready(platform) {
    void prune(platform)
    pruning(platform).timer = setInterval(() => void prune(platform), dayMs).unref()
  },
  async stop(platform) {
    clearInterval(pruning(platform).timer)
  },
}
