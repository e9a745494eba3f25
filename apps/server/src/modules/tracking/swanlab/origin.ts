import type { Platform } from '../../../platform/context.ts'

/**
 * Where the asker reaches this server. A script may stand where the public address leads nowhere, but the host that
 * it has just called answers; it is one of ours, or the request would have been refused. Only the asker gets the link.
 */
export function askedOrigin(platform: Pick<Platform, 'config'>, host: string | undefined): string {
  const { publicUrl, nodeUrl, port } = platform.config
  const known = [publicUrl, nodeUrl].find((url) => url && host && new URL(url).host === host)
  if (known) return new URL(known).origin
  return host ? `http://${host}` : (publicUrl ?? `http://localhost:${port}`)
}
