import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface Pin {
  name: string
  version: string
}

/** The pins of a requirements file; a line that pins nothing is none. */
export function pinsOf(lock: string): Pin[] {
  return lock.split('\n').flatMap((line) => {
    const match = /^([A-Za-z0-9._-]+)==([^\s;#]+)/.exec(line.trim())
    return match ? [{ name: match[1] ?? '', version: match[2] ?? '' }] : []
  })
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}
interface NpmLock {
  packages: Record<string, Manifest & { version?: string; integrity?: string; link?: boolean }>
}

function npmGaps(root: string): string[] {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as NpmLock
  const gaps: string[] = []
  for (const file of globSync('{package.json,{apps,packages}/*/package.json,tests/package.json}', {
    cwd: root,
  })) {
    const folder = path.dirname(file) === '.' ? '' : path.dirname(file)
    const manifest = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const locked = [`${folder}/node_modules/${name}`, `node_modules/${name}`].some(
        (key) => lock.packages[key],
      )
      if (!locked) gaps.push(`package-lock.json lacks ${name}, which ${file} names.`)
    }
  }
  for (const [key, entry] of Object.entries(lock.packages))
    if (key.startsWith('node_modules/') && !entry.link && (!entry.version || !entry.integrity))
      gaps.push(`package-lock.json holds ${key} without ${entry.version ? 'its hash' : 'a version'}.`)
  return gaps
}

function pythonGaps(root: string): string[] {
  const text = readFileSync(path.join(root, 'workers/trainer/requirements.lock'), 'utf8')
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  const loose = lines.filter((line) => pinsOf(line).length === 0)
  // One with a marker (`; python_version < "3.11"`) has a version for each Python.
  const unmarked = lines.filter((line) => !line.includes(';')).join('\n')
  const names = pinsOf(unmarked).map(({ name }) => plain(name))
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  return [
    ...loose.map((line) => `requirements.lock pins no version in: ${line}`),
    ...twice.map((name) => `requirements.lock names ${name} twice.`),
  ]
}

/** What the lock files leave open, in words. */
export function missingFromLock(root: string): string[] {
  return [...npmGaps(root), ...pythonGaps(root)]
}
