import type { CookieOptions } from './handlers.ts'

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** The cookies of a `Cookie` header; the first of two with one name counts. */
export function parseCookies(header: string | undefined): Record<string, string | undefined> {
  const cookies: Record<string, string | undefined> = Object.create(null) as Record<
    string,
    string | undefined
  >
  for (const pair of header?.split(';') ?? []) {
    const middle = pair.indexOf('=')
    if (middle === -1) continue
    const name = pair.slice(0, middle).trim()
    const value = pair.slice(middle + 1).trim()
    cookies[name] ??= decode(value.startsWith('"') ? value.slice(1, -1) : value)
  }
  return cookies
}

/** A `Set-Cookie` header; HttpOnly always. */
export function formatCookie(
  name: string,
  value: string,
  options: CookieOptions & { secure: boolean },
): string {
  const parts = [`${name}=${encodeURIComponent(value)}`, `Path=${options.path}`]
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`)
  parts.push('HttpOnly', `SameSite=${options.sameSite === 'lax' ? 'Lax' : 'Strict'}`)
  if (options.secure) parts.push('Secure')
  return parts.join('; ')
}
