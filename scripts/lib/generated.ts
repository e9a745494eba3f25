import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './bootstrap.mjs'

export interface GeneratedFile {
  /** Relative to the repository. */
  file: string
  content: string
}

async function load(file: string): Promise<Record<string, unknown>> {
  const absolute = path.join(root, file)
  return existsSync(absolute) ? ((await import(pathToFileURL(absolute).href)) as Record<string, unknown>) : {}
}

interface RouteLike {
  method: string
  path: string
}

function routeList(routes: Record<string, RouteLike>): GeneratedFile {
  const lines = Object.entries(routes).map(([name, { method, path: address }]) => {
    return `  '${name}': ['${method}', '${address}'],`
  })
  const content = [
    '// Written by `npm run generate` from the table of routes: method and path alone, for a page without schemas.',
    'export const routeList = {',
    ...lines,
    '} as const',
    '',
  ].join('\n')
  return { file: 'packages/contract/src/route-list.generated.ts', content }
}

/** Every generated file with the content that it should have now. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = []
  const contract = await load('packages/contract/src/routes.ts')
  if (contract.routes) files.push(routeList(contract.routes as Record<string, RouteLike>))
  const config = await load('apps/server/src/platform/config/index.ts')
  if (typeof config.configurationDoc === 'function') {
    const content = String((config.configurationDoc as () => unknown)())
    files.push({ file: 'docs/configuration.md', content })
  }
  return files
}

/** What the file holds now; undefined where it is not there. */
export function currentContent(file: string): string | undefined {
  const absolute = path.join(root, file)
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined
}
