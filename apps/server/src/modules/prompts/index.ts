import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deletePrompt } from './delete-prompt.ts'
import { promptsMigrations } from './prompts.migrations.ts'
import { promptsRoutes } from './prompts.routes.ts'

export { promptIdOf } from './prompt-named.ts'
export { chosenVersion, resolvePrompt, usedPrompts } from './resolve-prompt.ts'
export type { PromptChoice, ResolvedPrompt, UsedPrompt } from './resolve-prompt.ts'

declareRemoval('prompt', deletePrompt)

export const promptsModule: Module = {
  name: 'prompts',
  migrations: promptsMigrations,
  routes: promptsRoutes,
}
