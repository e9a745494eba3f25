import path from 'node:path'

export interface TrackedRun {
  workspace: string
  project: string
  runId: string
}

/** What the SwanLab SDK is told, by environment alone: the key is written nowhere. */
export function trackingEnvironment(
  tracked: TrackedRun,
  facts: { key: string; address: string; publicUrl: string; name: string; folder: string },
): Record<string, string> {
  return {
    SWANLAB_API_KEY: facts.key,
    SWANLAB_API_HOST: `${facts.address}/api`,
    SWANLAB_WEB_HOST: facts.publicUrl,
    SWANLAB_MODE: 'cloud',
    SWANLAB_RUN_ID: tracked.runId,
    SWANLAB_RESUME: 'allow',
    SWANLAB_EXP_NAME: facts.name,
    SWANLAB_LOGDIR: path.join(facts.folder, 'swanlog'),
    SWANLAB_PROJ_NAME: tracked.project,
  }
}
