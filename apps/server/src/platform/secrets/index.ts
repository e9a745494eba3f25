export { openMasterKey } from './master-key.ts'
export { createSecrets } from './secrets.ts'
export type { Secrets } from './secrets.ts'
export { checkMasterKey } from './check-value.ts'
