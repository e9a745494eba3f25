import type { Module } from '../../platform/http/index.ts'
import { startRollUp, stopRollUp } from './roll-up.ts'
import { usageMigrations } from './usage.migrations.ts'
import { usageHandlers } from './usage.routes.ts'

export { callCost } from './call-cost.ts'
export type { CallPrice } from './call-cost.ts'
export { callFigures } from './call-figures.ts'
export type { CallFigures } from './call-figures.ts'
export { lastCalls } from './last-calls.repo.ts'
export type { LastCallsFilter } from './last-calls.repo.ts'
export { callsByPromptVersion } from './prompt-calls.repo.ts'
export { recordCall } from './record-call.ts'
export type { CallVia, ModelCall } from './record-call.ts'

export const usageModule: Module = {
  name: 'usage',
  migrations: usageMigrations,
  routes: usageHandlers,
  ready: async (platform) => startRollUp(platform),
  stop: stopRollUp,
}
