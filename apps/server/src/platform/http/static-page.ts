import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

interface PageFile {
  readonly file: string
  readonly type: string
  readonly encodings: readonly ('br' | 'gzip')[]
  etag: string | undefined
}

const notBuilt = 'The page is not built. Run `npm start`, or `npm run build`.\n'

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

function listFiles(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  if (!existsSync(folder)) return files
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const names = new Set(found.map((entry) => path.join(entry.parentPath, entry.name)))
  for (const file of names) {
    if (
      file.endsWith('.map') ||
      ((file.endsWith('.br') || file.endsWith('.gz')) && names.has(file.slice(0, -3)))
    )
      continue
    const encodings = [
      ...(names.has(`${file}.br`) ? ['br' as const] : []),
      ...(names.has(`${file}.gz`) ? ['gzip' as const] : []),
    ]
    const type = types[path.extname(file)] ?? 'application/octet-stream'
    const url = `/${path.relative(folder, file).replaceAll(path.sep, '/')}`
    files.set(url, { file, type, encodings, etag: undefined })
  }
  return files
}

function chooseEncoding(file: PageFile, accepted: string | undefined): 'br' | 'gzip' | undefined {
  if (!accepted) return undefined
  return file.encodings.find((encoding) =>
    new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?(,|$))`).test(accepted),
  )
}

function sendPageFile(
  url: string,
  file: PageFile,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const encoding = chooseEncoding(file, request.headers['accept-encoding'])
  const suffix = encoding === 'br' ? '.br' : encoding === 'gzip' ? '.gz' : ''
  // Hashed names never change their content; all else is asked about each time.
  const cache = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  reply.header('content-type', file.type).header('cache-control', cache)
  if (file.encodings.length > 0) reply.header('vary', 'Accept-Encoding')
  if (file.type.startsWith('text/html')) reply.header('content-security-policy', contentSecurityPolicy)
  file.etag ??= `"${createHash('sha256').update(readFileSync(file.file)).digest('base64url').slice(0, 22)}"`
  reply.header('etag', file.etag)
  if (request.headers['if-none-match']?.includes(file.etag)) return reply.code(304).send()
  if (encoding) reply.header('content-encoding', encoding)
  return reply.send(readFileSync(file.file + suffix))
}

export interface StaticPage {
  /** Answers with a file of the page, or with the page itself for an address of its own; false: not the page's. */
  serve(request: FastifyRequest, reply: FastifyReply): FastifyReply | false
}

/** The built page of a folder, listed once: a build makes new names, and a start follows a build. */
export function openStaticPage(folder: string): StaticPage {
  const files = listFiles(folder)
  return {
    serve(request, reply) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false
      const [url = '/'] = request.url.split('?', 1)
      const file = files.get(url)
      if (file) return sendPageFile(url, file, request, reply)
      const accepts = request.headers.accept ?? '*/*'
      if (url.startsWith('/assets/') || !/text\/html|\*\/\*/.test(accepts)) return false
      const page = files.get('/index.html')
      if (page) return sendPageFile('/index.html', page, request, reply)
      return reply.code(503).header('content-type', 'text/plain; charset=utf-8').send(notBuilt)
    },
  }
}
