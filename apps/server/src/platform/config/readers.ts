import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/* Each reads the text of one variable; what it throws completes the sentence 'ANNEAL_X …'. */

export function text(value: string): string {
  return value
}

export function longText(value: string, least: number): string {
  if (value.length < least) throw new TypeError(`needs at least ${least} characters`)
  return value
}

export function oneOf<const T extends string>(value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (!found) throw new TypeError(`is '${value}', but must be one of ${choices.join(', ')}`)
  return found
}

export function onOff(value: string): boolean {
  if (['on', 'true', '1', 'yes'].includes(value.toLowerCase())) return true
  if (['off', 'false', '0', 'no'].includes(value.toLowerCase())) return false
  throw new TypeError(`is '${value}', but must be on or off`)
}

export function port(value: string): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number > 65535)
    throw new TypeError(`is '${value}', but must be a port from 0 to 65535`)
  return number
}

export function hosts(value: string): readonly string[] {
  if (value === 'localhost') return ['127.0.0.1', '::1']
  if (!/^[\w.:-]+$/.test(value)) throw new TypeError(`is '${value}', but must be one name or address`)
  return [value]
}

export function url(value: string, schemes: readonly string[]): string {
  const parsed = URL.canParse(value) ? new URL(value) : null
  if (!parsed || !schemes.includes(parsed.protocol)) {
    throw new TypeError(
      `must be an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    )
  }
  return value
}

export function origin(value: string): string {
  const parsed = new URL(url(value, ['http:', 'https:']))
  if (parsed.pathname !== '/' || parsed.search || parsed.hash || parsed.username) {
    throw new TypeError(`is '${value}', but must be scheme, host and port alone, without a path`)
  }
  return parsed.origin
}

export function email(value: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(value) || value.length > 254) throw new TypeError('is no mail address')
  return value
}

export function password(value: string): string {
  if (value.length < 15 || value.length > 128) throw new TypeError('must have 15 to 128 characters')
  return value
}

export function masterKey(value: string): string {
  const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64')
  if (bytes.length !== 32) throw new TypeError('must be 32 bytes in base64 or hexadecimal')
  return bytes.toString('base64')
}

export function file(value: string, root: string): string {
  const absolute = path.resolve(root, value)
  try {
    accessSync(absolute, constants.R_OK)
  } catch {
    throw new TypeError(`names ${absolute}, which cannot be read`)
  }
  return absolute
}

export function databaseUrl(value: string, root: string): string {
  const shape = 'must begin with sqlite:, mysql:// or postgres://'
  if (value.startsWith('sqlite:')) {
    const name = value.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
    if (!name) throw new TypeError('names no file after sqlite:')
    return `sqlite:${path.resolve(root, name)}`
  }
  const normal = value.replace(/^mariadb:/, 'mysql:').replace(/^postgresql:/, 'postgres:')
  if (!/^(mysql|postgres):\/\//.test(normal) || !URL.canParse(normal)) throw new TypeError(shape)
  if (new URL(normal).pathname.length < 2) throw new TypeError('names no database after the host')
  return normal
}
