import type { EventParams, StreamEvent } from '@anneal/contract'

export type Warn = (code: 'provider.option-ignored' | 'provider.option-changed', params: EventParams) => void

export const warnTo =
  (emit: (event: StreamEvent) => void): Warn =>
  (code, params) =>
    emit({ type: 'warning', code, params })
