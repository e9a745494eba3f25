import { spawnSync } from 'node:child_process'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { say } from '../lib/bootstrap.mjs'
import { findChromium } from '../../tests/support/chromium.ts'
import { databaseServerUrl } from '../../tests/support/database.ts'

/** Undefined where the thing is there, else why it is not. */
export type Missing = string | undefined

export async function missingMysql(): Promise<Missing> {
  const url = databaseServerUrl('mysql')
  try {
    const connection = await mysql.createConnection({ uri: url, connectTimeout: 3_000 })
    await connection.query('select 1')
    await connection.end()
    return undefined
  } catch (error) {
    return `no MariaDB or MySQL at ${url} (${reason(error)}); set ANNEAL_TEST_MYSQL_URL`
  }
}

export async function missingPostgres(): Promise<Missing> {
  const url = databaseServerUrl('postgres')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  try {
    await client.connect()
    await client.query('select 1')
    await client.end()
    return undefined
  } catch (error) {
    return `no PostgreSQL at ${url} (${reason(error)}); set ANNEAL_TEST_POSTGRES_URL`
  }
}

/** Finds Chromium; installs Debian's package only as root with `CI=true`. */
export function missingChromium(): Missing {
  if (findChromium()) return undefined
  if (
    process.env.CI === 'true' &&
    process.getuid?.() === 0 &&
    spawnSync('apt-get', ['--version']).status === 0
  ) {
    say("Installing Debian's chromium …")
    const options = { stdio: ['ignore', 2, 2] as ['ignore', number, number], timeout: 300_000 }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { ...options, env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { ...options, env })
    if (findChromium()) return undefined
  }
  return 'no Chrome or Chromium found: install one (Debian: apt-get install chromium) or set ANNEAL_TEST_CHROMIUM'
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return reason(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
