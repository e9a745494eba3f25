export * from './handlers.ts'
export * from './module.ts'
export * from './replies.ts'
