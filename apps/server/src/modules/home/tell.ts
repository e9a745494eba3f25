import type { AccessKind, RouteReply } from '@anneal/contract'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { onAccessGiven, onOpenedByOther, permissionHolders } from '../auth/index.ts'
import { onDeploymentFailed } from '../deployments/index.ts'
import { onModelFailing, type Problem } from '../models/index.ts'
import { onRunEnded } from '../training/index.ts'
import { insertNotice } from './notices.repo.ts'

type Kind = RouteReply<'home.notices'>['items'][number]['kind']

interface News {
  kind: Kind
  name: string
  problem: Problem | null
  link: string
}

const runKinds: Record<string, Kind> = {
  succeeded: 'run-succeeded',
  stopped: 'run-stopped',
  failed: 'run-failed',
  lost: 'run-failed',
}

const places: Readonly<Record<AccessKind, string>> = {
  conversation: '/chat/',
  comparison: '/compare/',
  dataset: '/datasets/',
  prompt: '/prompts/',
  model: '/models/',
  connection: '/models/connections/',
  'training-run': '/training/',
  deployment: '/deployments/',
  project: '/tracking',
  'tracked-run': '/tracking',
}

/** The page of a thing, or the list that it stands in. */
function linkOf({ kind, id, name }: { kind: AccessKind; id: string; name: string }): string {
  if (kind === 'prompt') return `/prompts/${encodeURIComponent(name)}`
  return places[kind].endsWith('/') ? `${places[kind]}${id}` : places[kind]
}

/** Tells each of some people, in the transaction of what they are told of. */
async function tell(tx: WriteTx, userIds: Iterable<string>, news: News): Promise<void> {
  for (const userId of new Set(userIds)) {
    const id = newId()
    await tx.run(insertNotice, {
      id,
      user_id: userId,
      kind: news.kind,
      name: news.name,
      problem: news.problem && JSON.stringify(news.problem),
      link: news.link,
      created_at: Date.now(),
    })
    tx.emit({ kind: 'notice', id, change: 'created', ownerId: userId, visibility: 'private' })
  }
}

/** Joins the transactions that notices are made in; once a process, whatever number of servers it holds. */
export function joinNews(): void {
  onRunEnded(async (tx, { id, name, ownerId, state, error }) => {
    const kind = runKinds[state]
    /* Whoever cancels a run that has not begun knows of it. */
    if (kind) await tell(tx, [ownerId], { kind, name, problem: error ?? null, link: `/training/${id}` })
  })
  onDeploymentFailed(async (tx, { id, name, ownerId, error }) => {
    await tell(tx, [ownerId], { kind: 'deployment-failed', name, problem: error, link: `/deployments/${id}` })
  })
  onOpenedByOther(async (tx, opened) => {
    const news: News = { kind: 'opened-by-other', name: opened.name, problem: null, link: linkOf(opened) }
    await tell(tx, [opened.ownerId], news)
  })
  onAccessGiven(async (tx, given) => {
    const news: News = { kind: 'shared-with-you', name: given.name, problem: null, link: linkOf(given) }
    await tell(tx, given.userIds, news)
  })
  onModelFailing(async (tx, { id, name, ownerId, error }) => {
    const mend = await permissionHolders(tx, 'connections.manage')
    const news: News = { kind: 'model-failing', name, problem: error, link: `/models/${id}` }
    await tell(tx, [ownerId, ...mend], news)
  })
}
