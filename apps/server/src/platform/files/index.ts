export type { Files, PutOptions, StoredFile } from './files.types.ts'
