import type { Module } from '../../platform/http/index.ts'

export const promptsModule: Module = { name: 'prompts', migrations: [] }
