import type { Module } from '../../platform/http/index.ts'
import { adminHandlers } from './admin.routes.ts'

export const adminModule: Module = { name: 'admin', migrations: [], routes: adminHandlers }
