import { type Platform, perPlatform } from '../../platform/context.ts'
import { activeStates } from './deployment-state.ts'
import { DeploymentWatch } from './deployment-watch.ts'
import { deploymentById, deploymentsOfNode } from './deployments.repo.ts'

/** This server's deployments, each with one who looks after it. */
export class DeploymentSupervisor {
  private readonly platform: Platform
  private readonly watches = new Map<string, DeploymentWatch>()
  private stopped = false

  constructor(platform: Platform) {
    this.platform = platform
  }

  /** Takes over what a server before left serving. */
  async start(): Promise<void> {
    const { db, nodes } = this.platform
    const rows = await deploymentsOfNode(db.read, nodes.self.id, activeStates)
    await Promise.all(rows.map((row) => this.watch(row.id).adopt(row)))
  }

  /** Leaves all processes running. */
  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all([...this.watches.values()].map((watch) => watch.close()))
    this.watches.clear()
  }

  /** Something was asked of this deployment: look at it now, if it is one of this server. */
  wake(id: string): void {
    const watch = this.watches.get(id)
    if (watch) watch.wake()
    else {
      this.wakeNew(id).catch((error: unknown) =>
        this.platform.log.error('a deployment could not be looked at', { error, deployment: id }),
      )
    }
  }

  private async wakeNew(id: string): Promise<void> {
    const row = await this.platform.db.read.first(deploymentById, { id })
    if (row?.node_id === this.platform.nodes.self.id && !this.stopped) this.watch(id).wake()
  }

  private watch(id: string): DeploymentWatch {
    let watch = this.watches.get(id)
    if (!watch) {
      watch = new DeploymentWatch(this.platform, id, () => this.watches.delete(id))
      this.watches.set(id, watch)
    }
    return watch
  }
}

export const supervisorOf = perPlatform((platform) => new DeploymentSupervisor(platform))
