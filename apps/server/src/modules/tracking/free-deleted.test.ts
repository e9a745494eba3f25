import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context, Platform } from '../../platform/context.ts'
import { defineQuery } from '../../platform/db/index.ts'
import { type TestDb, openTestDb, testDialects } from '../../platform/db/testing.ts'
import { createFiles, filesMigrations } from '../../platform/files/index.ts'
import { newId } from '../../platform/ids.ts'
import { testPlatform } from '../../platform/testing.ts'
import { freeDeleted, keptDeletedMs } from './free-deleted.ts'
import { loadTrackedRun } from './load-tracked.ts'
import { mediaHeads, upsertMedia } from './media.repo.ts'
import { hashOfPath } from './path-hash.ts'
import { pointsStore } from './points-store.ts'
import { pointsMigrations } from './points/points.migrations.ts'
import { expectFile, filesOfRun } from './run-files.repo.ts'
import { trackingMigrations } from './tracking.migrations.ts'

type Row = Record<string, string | number | null>
const tables = defineQuery<{ tracked_run: Row; project: Row }>()
const resource = { owner_id: 'o', visibility: 'private', version: 1, created_at: 1, updated_at: 1 }
const insertProject = tables<{ id: string; deleted_at: number | null }, unknown>((k, p) =>
  k
    .insertInto('project')
    .values({ ...resource, id: p.id, deleted_at: p.deleted_at, workspace: 'w', name: p.id }),
)
const insertRun = tables<{ id: string; project_id: string; deleted_at: number | null }, unknown>((k, p) =>
  k.insertInto('tracked_run').values({
    ...resource,
    id: p.id,
    deleted_at: p.deleted_at,
    project_id: p.project_id,
    cuid: p.id,
    name: 'run',
    state: 'running',
    profile: '{}',
    arrivals: 0,
  }),
)

describe.each(testDialects())('what deleted runs hold on %s', (dialect) => {
  let opened: TestDb
  let platform: Platform
  let ctx: Context
  let data: string
  beforeEach(async () => {
    opened = await openTestDb(dialect, [...filesMigrations, ...trackingMigrations, ...pointsMigrations])
    const parts = testPlatform(opened.db)
    data = await mkdtemp(path.join(tmpdir(), 'anneal-free-'))
    platform = {
      ...parts.platform,
      files: createFiles({ db: opened.db, data, nodeId: 'here' }),
      config: { databaseUrl: opened.place.url } as Platform['config'],
    }
    ctx = { ...parts.ctx, platform }
  })
  afterEach(async () => {
    await pointsStore(platform).close()
    await opened.close()
    await rm(data, { recursive: true, force: true })
  })

  /** A picture that a run logged at a step. */
  async function logPicture(runId: string): Promise<string> {
    const { id: file_id, bytes } = await platform.files.put(Readable.from(['picture']))
    const file = { run_id: runId, kind: 'media', path: 'a.png', path_hash: hashOfPath('a.png') } as const
    await opened.db.transaction(async (tx) => {
      const stored = { bytes, content_type: 'image/png', md5: null, state: 'stored', created_at: 1 } as const
      await tx.run(expectFile, { id: newId(), file_id, ...file, ...stored })
      const medium = { run_id: runId, series_key: 'picture', step: 1, time: 1 }
      await tx.run(upsertMedia, { ...medium, data: '["a.png"]', more: '[null]' })
    })
    return file_id
  }

  test('is freed once nothing restores them, and of no others', async () => {
    const now = Date.now()
    const [long, lately] = [now - keptDeletedMs - 1000, now - 1000]
    const projects = { there: newId(), away: newId() }
    const runs = { there: newId(), long: newId(), lately: newId(), withProject: newId() }
    await opened.db.transaction(async (tx) => {
      await tx.run(insertProject, { id: projects.there, deleted_at: null })
      await tx.run(insertProject, { id: projects.away, deleted_at: long })
      await tx.run(insertRun, { id: runs.there, project_id: projects.there, deleted_at: null })
      await tx.run(insertRun, { id: runs.long, project_id: projects.there, deleted_at: long })
      await tx.run(insertRun, { id: runs.lately, project_id: projects.there, deleted_at: lately })
      await tx.run(insertRun, { id: runs.withProject, project_id: projects.away, deleted_at: null })
    })
    const store = pointsStore(platform)
    const points = [{ key: 'loss', step: [1], value: [1], time: [now] }]
    const pictures = new Map<string, string>()
    for (const id of Object.values(runs)) {
      await store.append(id, { points })
      pictures.set(id, await logPicture(id))
    }
    expect(await freeDeleted(platform)).toBe(2)
    for (const [name, id] of Object.entries(runs)) {
      const kept = name === 'there' || name === 'lately'
      expect([name, (await store.latest(id)).length]).toEqual([name, kept ? 1 : 0])
      const { read } = opened.db
      const rows = await read.all(filesOfRun, { run_id: id, limit: 9 })
      const media = await read.all(mediaHeads, { run_id: id })
      expect([name, rows.length, media.length]).toEqual([name, kept ? 1 : 0, kept ? 1 : 0])
      const size = await platform.files
        .size(pictures.get(id) ?? '')
        .catch((error: { code: string }) => error.code)
      expect([name, size]).toEqual([name, kept ? 7 : 'platform.not-found'])
    }
    expect(await freeDeleted(platform)).toBe(0)
    const restored = await loadTrackedRun(ctx, opened.db.read, runs.lately, 'manage', { deleted: true })
    expect(restored.id).toBe(runs.lately)
    await expect(
      loadTrackedRun(ctx, opened.db.read, runs.long, 'manage', { deleted: true }),
    ).rejects.toMatchObject({ code: 'tracking.run-not-found' })
  })
})
