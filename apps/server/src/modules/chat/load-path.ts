import type { Reader } from '../../platform/db/index.ts'
import { type MessageText, type TreeNode, messageTexts } from './chat.repo.ts'

/** Ids asked for in one query: below every database's limit of parameters. */
const atOnce = 500

/** The texts on the way from the first message down to `leafId`; other branches are not read. */
export async function loadPath(
  reader: Reader,
  conversationId: string,
  tree: readonly TreeNode[],
  leafId: string | null,
): Promise<MessageText[]> {
  const byId = new Map(tree.map((node) => [node.id, node]))
  const ids: string[] = []
  for (
    let node = leafId ? byId.get(leafId) : undefined;
    node;
    node = node.parent_id ? byId.get(node.parent_id) : undefined
  ) {
    ids.push(node.id)
  }
  const texts: MessageText[] = []
  for (let at = 0; at < ids.length; at += atOnce) {
    texts.push(...(await messageTexts(reader, conversationId, ids.slice(at, at + atOnce))))
  }
  return texts
}
