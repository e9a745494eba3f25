import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { createServer } from 'vite'
import { root, say } from './lib/bootstrap.mjs'

const api = `http://localhost:${process.env.ANNEAL_PORT ?? '4600'}`

function startServer(): ChildProcess {
  // --watch restarts on a change of any file that was imported; the packages are imported as sources too.
  const args = ['--watch', '--watch-preserve-output', path.join(root, 'apps/server/src/main.ts')]
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
}

const server = startServer()
const page = await createServer({
  root: path.join(root, 'apps/web'),
  server: {
    port: 5173,
    proxy: {
      '/api': { target: api, ws: true, changeOrigin: true },
      '/v1': { target: api, changeOrigin: true },
      '/metrics': { target: api, changeOrigin: true },
      '/@': { target: api, changeOrigin: true, bypass: keepViteFiles },
    },
  },
})
await page.listen()
say(`Page with reload: ${page.resolvedUrls?.local[0] ?? 'http://localhost:5173/'} (API at ${api})`)

/** Vite's own files begin with `/@` as the run links do; `/@fs/`, `/@id/`, `/@vite/` stay with it. */
function keepViteFiles(request: { url?: string | undefined }): string | undefined {
  return /^\/@(fs|id|vite)\b/.test(request.url ?? '') ? request.url : undefined
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  await page.close()
  if (server.exitCode !== null) return
  server.once('exit', (code) => process.exit(code ?? 0))
  server.kill(signal)
}

process.on('SIGINT', () => void stop('SIGINT'))
process.on('SIGTERM', () => void stop('SIGTERM'))
server.once('exit', (code) => void page.close().then(() => process.exit(code ?? 0)))
