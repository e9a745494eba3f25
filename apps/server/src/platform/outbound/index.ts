export type { Outbound, OutboundOptions } from './outbound.types.ts'
