import { authModule } from './modules/auth/index.ts'
import type { Module } from './platform/http/index.ts'

/** Every module, in the order in which they migrate and start; they stop in reverse. */
export const modules: readonly Module[] = [authModule]
