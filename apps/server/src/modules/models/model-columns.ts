import type { ModelRow } from './models.tables.ts'

type Said = Pick<
  ModelRow,
  'kind' | 'is_disabled' | 'context_window' | 'max_output' | 'capabilities' | 'price'
>

/** A chat model of which nothing else is known. */
export const nothingSaid: Said = {
  kind: 'chat',
  is_disabled: 0,
  context_window: null,
  max_output: null,
  capabilities: null,
  price: null,
}
