import type { Plugin } from 'vite'

const imports = /import\s*\{([^}]*)\}\s*from\s*['"]element-plus['"]/g

/** `ElInputNumber` → `input-number`, the folder that holds the component's style. */
function folderOf(component: string): string {
  return component
    .replace(/^El/, '')
    .replace(/\B([A-Z])/g, '-$1')
    .toLowerCase()
}

/**
 * `import { ElButton } from 'element-plus'` brings the style of that component and no other, and every rule of
 * Element Plus lies in the layer `element`: our own rules win whatever order chunks arrive in.
 */
export function elementStyles(): Plugin {
  return {
    name: 'anneal-element-styles',
    transform(code, id) {
      const [path = ''] = id.split('?')
      if (/element-plus[/\\]theme-chalk[/\\][^?]*\.css$/.test(path))
        return `@layer reset,element;@layer element{${code.replace('@charset "UTF-8";', '')}}`
      if (path.includes('node_modules') || !/\.(vue|ts)$/.test(path)) return undefined
      const styles = [...code.matchAll(imports)]
        .flatMap((match) => (match[1] ?? '').split(','))
        .map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
        .filter((name) => /^El[A-Z]/.test(name))
        .map((name) => `import 'element-plus/es/components/${folderOf(name)}/style/css.mjs'`)
      return styles.length ? { code: `${code}\n${[...new Set(styles)].join('\n')}\n`, map: null } : undefined
    },
  }
}
