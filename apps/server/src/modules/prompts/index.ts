import type { Module } from '../../platform/http/index.ts'
import { promptsMigrations } from './prompts.migrations.ts'
import { promptsRoutes } from './prompts.routes.ts'

export { promptIdOf } from './prompt-named.ts'
export { chosenVersion, resolvePrompt, usedPrompts } from './resolve-prompt.ts'
export type { PromptChoice, ResolvedPrompt, UsedPrompt } from './resolve-prompt.ts'

export const promptsModule: Module = {
  name: 'prompts',
  migrations: promptsMigrations,
  routes: promptsRoutes,
}
