import type { Plugin } from 'vite'

const imports = /import\s*\{([^}]*)\}\s*from\s*['"]element-plus['"]/g

/** `ElInputNumber` → `input-number`, the folder that holds the component's style. */
function folderOf(component: string): string {
  return component
    .replace(/^El/, '')
    .replace(/\B([A-Z])/g, '-$1')
    .toLowerCase()
}

/** Every rule of Element Plus lies in the layer `element`: our own rules win whatever order chunks arrive in. */
const layered: Plugin = {
  name: 'anneal-element-layer',
  transform(code, id) {
    const [path = ''] = id.split('?')
    if (!/element-plus[/\\]theme-chalk[/\\][^?]*\.css$/.test(path)) return undefined
    return `@layer reset,element;@layer element{${code.replace('@charset "UTF-8";', '')}}`
  },
}

/** `import { ElButton } from 'element-plus'` brings the style of that component and no other. */
const imported: Plugin = {
  name: 'anneal-element-styles',
  /* Once a component's parts are script: with reload, its file is one module with the script inside. */
  enforce: 'post',
  transform(code, id) {
    const [path = '', query = ''] = id.split('?')
    if (path.includes('node_modules') || !/\.(vue|ts)$/.test(path) || query.includes('type=style'))
      return undefined
    const styles = [...code.matchAll(imports)]
      .flatMap((match) => (match[1] ?? '').split(','))
      .map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
      .filter((name) => /^El[A-Z]/.test(name))
      .map((name) => `import 'element-plus/es/components/${folderOf(name)}/style/css.mjs'`)
    return styles.length ? { code: `${code}\n${[...new Set(styles)].join('\n')}\n`, map: null } : undefined
  },
}

export const elementStyles = (): Plugin[] => [layered, imported]
