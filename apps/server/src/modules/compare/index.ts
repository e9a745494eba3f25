import type { Module } from '../../platform/http/index.ts'

export const compareModule: Module = { name: 'compare', migrations: [] }
