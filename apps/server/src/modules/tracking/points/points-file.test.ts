import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from '../../../platform/start-error.ts'
import { openPointsFile, pointsUrl } from './points-file.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'anneal-points-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('the file lies beside the database, under a name of its own; on a server there is none', () => {
  expect(pointsUrl('sqlite:/data/anneal.db')).toBe('sqlite:/data/points.db')
  expect(pointsUrl('sqlite:/data/other.db')).toBe('sqlite:/data/other-points.db')
  expect(pointsUrl('postgres://host/name')).toBe('postgres://host/name')
})

test('it is made once, and one of a newer version stops the start in words', async () => {
  const url = `sqlite:${path.join(folder, 'anneal.db')}`
  await openPointsFile(url)
  await openPointsFile(url)
  const file = path.join(folder, 'points.db')
  const database = new Database(file)
  database.prepare('insert into schema_step values (?, ?)').run('points.999-later#1', 1)
  database.close()
  const opening = openPointsFile(url)
  await expect(opening).rejects.toBeInstanceOf(StartError)
  await expect(opening).rejects.toThrow(`The file of points ${file} cannot be opened`)
  await expect(opening).rejects.toThrow('newer version')
})

test('a file that is no database stops the start in words', async () => {
  writeFileSync(path.join(folder, 'points.db'), 'A text that is no database. '.repeat(100))
  const opening = openPointsFile(`sqlite:${path.join(folder, 'anneal.db')}`)
  await expect(opening).rejects.toBeInstanceOf(StartError)
  await expect(opening).rejects.toThrow('file is not a database')
})
