import type { Tx } from '../../platform/db/index.ts'
import { indexText } from '../../platform/search/index.ts'

export const searchKind = 'comparison'

/** Makes a comparison findable by its title. */
export async function indexTitle(
  tx: Tx,
  comparison: { id: string; ownerId: string },
  title: string,
): Promise<void> {
  await indexText(tx, { kind: searchKind, ...comparison }, title)
}
