import type { Context } from '../../../../platform/context.ts'
import { AppError } from '../../../../platform/errors.ts'
import { actorUserId, usersByIds } from '../../../auth/index.ts'
import { seenBy, trainingRunOf } from './access.ts'
import { visibleWorkspaces } from './api.repo.ts'

async function selfOf(ctx: Context) {
  const userId = actorUserId(ctx.actor)
  return (await usersByIds(ctx.platform.db.read, [userId])).get(userId)
}

interface Workspace {
  username: string
  name: string
  role: 'OWNER' | 'VISITOR'
}

/** The asker's own workspace, and those in which something is shared with them. */
async function workspacesOf(ctx: Context): Promise<Workspace[]> {
  const self = await selfOf(ctx)
  const own: Workspace = { username: self?.workspace ?? '', name: self?.name ?? '', role: 'OWNER' }
  if (trainingRunOf(ctx) !== null) return [own]
  const rows = await visibleWorkspaces(ctx.platform.db.read, seenBy(ctx))
  const owners = await usersByIds(
    ctx.platform.db.read,
    rows.map((row) => row.owner_id),
  )
  const others = rows.filter((row) => row.workspace !== own.username)
  return [
    own,
    ...others.map(({ workspace, owner_id }): Workspace => {
      const name = owners.get(owner_id)?.name ?? workspace
      return { username: workspace, name, role: 'VISITOR' }
    }),
  ]
}

const profile = { bio: '', url: '', institution: '', school: '', email: '', location: '' }

const show = (workspace: Workspace) => ({ ...workspace, type: 'PERSON', comment: '', profile })

/** Asked for oneself alone: whose projects another sees is theirs to know. The older SDK adds one's own itself. */
export async function listGroups(ctx: Context, username: string, isOld: boolean) {
  const [own, ...others] = await workspacesOf(ctx)
  if (!own || own.username !== username) return []
  return (isOld ? others : [own, ...others]).map(show)
}

export async function listOwnGroups(ctx: Context) {
  const list = (await workspacesOf(ctx)).map(show)
  return { list, total: list.length }
}

export async function getGroup(ctx: Context, username: string) {
  const found = (await workspacesOf(ctx)).find((workspace) => workspace.username === username)
  if (!found) throw new AppError('tracking.workspace-not-found', { name: username })
  return show(found)
}

export async function getProfile(ctx: Context) {
  const self = await selfOf(ctx)
  return { ...profile, email: self?.email ?? '', username: self?.workspace ?? '', name: self?.name ?? '' }
}

/** No licence, no seats: what is asked of an administrator goes through the product's own pages. */
export function selfHostedInfo() {
  return { enabled: true, expired: false, root: false, plan: 'free', seats: 0 }
}
