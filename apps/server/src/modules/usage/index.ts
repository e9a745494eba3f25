import type { Module } from '../../platform/http/index.ts'
import { usageMigrations } from './usage.migrations.ts'

export { recordCall } from './record-call.ts'
export type { CallVia, ModelCall } from './record-call.ts'

export const usageModule: Module = { name: 'usage', migrations: usageMigrations }
