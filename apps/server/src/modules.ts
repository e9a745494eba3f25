import { authModule } from './modules/auth/index.ts'
import { chatModule } from './modules/chat/index.ts'
import { compareModule } from './modules/compare/index.ts'
import { datasetsModule } from './modules/datasets/index.ts'
import { deploymentsModule } from './modules/deployments/index.ts'
import { gatewayModule } from './modules/gateway/index.ts'
import { generationsModule } from './modules/generations/index.ts'
import { adminModule } from './modules/admin/index.ts'
import { homeModule } from './modules/home/index.ts'
import { modelsModule } from './modules/models/index.ts'
import { promptsModule } from './modules/prompts/index.ts'
import { trackingModule } from './modules/tracking/index.ts'
import { engineOf, trainingModule } from './modules/training/index.ts'
import { usageModule } from './modules/usage/index.ts'
import type { Platform } from './platform/context.ts'
import type { EngineState, Module } from './platform/http/index.ts'

/** Every module, in the order in which they migrate and start; they stop in reverse. */
export const modules: readonly Module[] = [
  authModule,
  usageModule,
  modelsModule,
  promptsModule,
  generationsModule,
  chatModule,
  compareModule,
  datasetsModule,
  trackingModule,
  trainingModule,
  deploymentsModule,
  gatewayModule,
  homeModule,
  adminModule,
]

/** For health, which belongs to no module. */
export function engineState(platform: Platform): EngineState {
  return engineOf(platform).view().state
}
