import type { Module } from '../../platform/http/index.ts'
import { homeMigrations } from './home.repo.ts'
import { homeHandlers } from './home.routes.ts'

export const homeModule: Module = { name: 'home', migrations: homeMigrations, routes: homeHandlers }
