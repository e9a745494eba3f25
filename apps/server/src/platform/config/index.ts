export { configurationDoc } from './document.ts'
export { findRoot, loadConfig, readEnvironment } from './load.ts'
export type { Config } from './schema.ts'
