import type { Module } from '../../platform/http/index.ts'

export const gatewayModule: Module = { name: 'gateway', migrations: [] }
