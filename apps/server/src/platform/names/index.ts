export { beginningWith, containing, nameKey } from './name-key.ts'
export { type FreeNameOptions, freeName, withFreeName } from './free-name.ts'
