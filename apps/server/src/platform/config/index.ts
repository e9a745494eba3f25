export type { Config } from './schema.ts'
