import type { Tx } from '../../platform/db/index.ts'
import { indexText } from '../../platform/search/index.ts'
import { searchKind, searchOwner } from './prompts.repo.ts'
import type { PromptRow } from './prompts.tables.ts'

/** Makes a prompt findable by its name, folder and description, and by its newest text. */
export async function indexPrompt(
  tx: Tx,
  row: Pick<PromptRow, 'id' | 'name' | 'folder' | 'description'>,
  text: string,
): Promise<void> {
  const found = [row.name, row.folder ?? '', row.description, text].join('\n')
  await indexText(tx, { kind: searchKind, id: row.id, ownerId: searchOwner }, found)
}
