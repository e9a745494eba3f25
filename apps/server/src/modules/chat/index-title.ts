import type { Tx } from '../../platform/db/index.ts'
import { indexText } from '../../platform/search/index.ts'

export const searchKind = 'conversation'

/** Makes a conversation findable by its title. */
export async function indexTitle(
  tx: Tx,
  conversation: { id: string; ownerId: string },
  title: string,
): Promise<void> {
  await indexText(tx, { kind: searchKind, ...conversation }, title)
}
