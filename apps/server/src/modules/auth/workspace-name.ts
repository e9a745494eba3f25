import type { Tx } from '../../platform/db/index.ts'
import { insertWorkspaceName, workspaceNamed } from './users.repo.ts'

const longest = 25

/** A workspace name's beginning, from a mail address or a name: `[0-9A-Za-z_-]{1,25}`. */
export function workspaceStem(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '')
  const stem = plain
    .replace(/[^0-9A-Za-z_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '')
  return stem || 'workspace'
}

function candidate(stem: string, attempt: number): string {
  if (attempt === 1) return stem
  const ending = `-${attempt}`
  return stem.slice(0, longest - ending.length).replace(/-+$/, '') + ending
}

/** Takes the first free name for good; unique whatever the case, and never given again. */
export async function takeWorkspaceName(
  tx: Tx,
  text: string,
  owner: { kind: 'user' | 'group'; id: string },
): Promise<string> {
  const stem = workspaceStem(text)
  for (let attempt = 1; ; attempt += 1) {
    const name = candidate(stem, attempt)
    const nameKey = name.toLowerCase()
    if (await tx.first(workspaceNamed, { nameKey })) continue
    await tx.run(insertWorkspaceName, {
      name_key: nameKey,
      name,
      owner_kind: owner.kind,
      owner_id: owner.id,
    })
    return name
  }
}
