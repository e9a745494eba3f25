// Runs on Node 20 with nothing installed: only built-in modules, no TypeScript.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** Prints one progress line on stderr, so that stdout stays the command's own. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Ends the process with one line that says what to do. */
export function fail(line) {
  say(`anneal: ${line}`)
  process.exit(1)
}

/** Refuses a system that cannot run the project, in one clear line. */
export function requireSystem() {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (process.platform === 'win32') {
    fail(
      'Windows is supported through WSL2: open a WSL2 shell (https://aka.ms/wsl) and run the command there.',
    )
  }
  if (major < 20) {
    fail(`Node ${process.versions.node} is too old: install Node 20 or newer (https://nodejs.org).`)
  }
}

/** True when every package that the lock file demands lies in node_modules in that version. */
export function isInstalled() {
  if (!existsSync(path.join(root, 'node_modules/node/bin/node'))) return false
  const wanted = lockedPackages('package-lock.json')
  const present = lockedPackages('node_modules/.package-lock.json')
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true
    const found = present[name]
    if (!found) return entry.optional === true || entry.peer === true
    return (
      found.version === entry.version && found.integrity === entry.integrity && !!found.link === !!entry.link
    )
  })
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

/** Installs the locked packages where they are missing or stale. */
export function ensureInstalled() {
  if (isInstalled()) return
  say('Installing packages (once; about a minute) …')
  const npm = process.env.npm_execpath
  const command = npm && /\.c?js$/.test(npm) ? [process.execPath, npm] : ['npm']
  const [file = 'npm', ...before] = command
  // npm's warning about the machine's own Node is noise: the packages run on the Node among them.
  const result = spawnSync(file, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (result.error) fail(`npm could not be started: ${result.error.message}`)
  if (result.status !== 0)
    fail('npm ci failed (see above); check the network or the npm registry, then run again.')
}

/** The Node that the project runs on: the one among its packages, else a new enough own one. */
export function projectNode() {
  const packaged = path.join(root, 'node_modules/node/bin/node')
  if (existsSync(packaged)) return packaged
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 7)) return process.execPath
  return fail(
    'Node 24 is missing among the packages: run `npm ci` (with install scripts allowed), then run again.',
  )
}

/** The environment of every command: the project's Node and tools come first on the path. */
export function projectEnvironment(extra = {}) {
  const bin = path.join(root, 'node_modules/.bin')
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`, ...extra }
}

/** Becomes the project's Node running `args`: in place where possible, else as a child whose exit is ours. */
export function becomeNode(args, extra = {}) {
  const node = projectNode()
  const env = projectEnvironment(extra)
  if (typeof process.execve === 'function') {
    process.removeAllListeners('warning')
    process.execve(node, [node, ...args], env)
  }
  const child = spawn(node, args, { cwd: process.cwd(), env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal's Ctrl-C reaches the child by itself; the launcher must only outlive it.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => fail(`could not start ${node}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)))
}
