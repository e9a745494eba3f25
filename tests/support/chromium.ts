import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The path of `ANNEAL_TEST_CHROMIUM` or of an installed Chrome or Chromium; undefined where there is none. */
export function findChromium(): string | undefined {
  const asked = process.env.ANNEAL_TEST_CHROMIUM
  if (asked) return isExecutable(asked) ? asked : undefined
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return [...onPath, ...APPLICATIONS].find(isExecutable)
}
