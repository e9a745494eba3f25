import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Platform } from '../../platform/context.ts'
import { requireModelFolder } from './model-folder.ts'

let root: string
let platform: Platform

function model(...parts: string[]): string {
  const folder = path.join(root, ...parts)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'config.json'), '{}')
  return folder
}

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'anneal-model-folder-'))
  mkdirSync(path.join(root, 'data'))
  platform = { config: { data: path.join(root, 'data') } } as Platform
})
afterAll(() => rmSync(root, { recursive: true }))

it('takes a folder that holds a model', async () => {
  await requireModelFolder(platform, model('models', 'qwen'))
})

it('refuses what is no model, or no whole path', async () => {
  mkdirSync(path.join(root, 'empty'))
  for (const folder of [path.join(root, 'empty'), path.join(root, 'nowhere'), 'models/qwen']) {
    await expect(requireModelFolder(platform, folder)).rejects.toMatchObject({
      code: 'training.base-model-missing',
    })
  }
})

it('refuses what another run has made, by whatever path', async () => {
  const result = model('data', 'runs', 'private', 'result')
  const link = path.join(root, 'link')
  symlinkSync(result, link)
  for (const folder of [result, link, path.join(root, 'data', 'files', '..', 'runs', 'private', 'result')]) {
    await expect(requireModelFolder(platform, folder)).rejects.toMatchObject({
      code: 'training.base-model-missing',
    })
  }
})
