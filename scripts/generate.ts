import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, say } from './lib/bootstrap.mjs'
import { currentContent, generatedFiles } from './lib/generated.ts'

for (const { file, content } of await generatedFiles()) {
  if (currentContent(file) === content) continue
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), content)
  say(`wrote ${file}`)
}
