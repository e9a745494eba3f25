import type { Module } from '../../platform/http/index.ts'
import { gatewayMigrations } from './gateway.migrations.ts'
import { gatewayRoutes } from './gateway.routes.ts'

export const gatewayModule: Module = { name: 'gateway', migrations: gatewayMigrations, routes: gatewayRoutes }
