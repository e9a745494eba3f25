import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../lib/bootstrap.mjs'

interface Rule {
  /** Files that the rule looks at. */
  files: RegExp
  except?: RegExp
  /** Lines that break it. */
  pattern: RegExp
  /** What is wrong and how to mend it. */
  message: string
}

const SOURCES = /\.(ts|vue|mjs|py)$/
const rules: Rule[] = [
  {
    files: SOURCES,
    pattern: /(ox|es)lint-disable(?!.*\s--\s+\S)/,
    message: 'a suppression bears its reason: oxlint-disable-next-line <rule> -- <why>',
  },
  {
    files: SOURCES,
    pattern: /@ts-(ignore|nocheck)\b|@ts-expect-error\s*($|\*\/)/,
    message: 'no @ts-ignore; @ts-expect-error is followed by its reason',
  },
  {
    files: /\.py$/,
    pattern: /#\s*(type:\s*ignore|noqa)(?!.*\s--?\s+\S)/,
    message: 'a suppression bears its reason: # noqa: <rule> - <why>',
  },
  {
    files: /^apps\/server\/src\/modules\/.*\.ts$/,
    except: /\.test\.ts$|\/testing\//,
    pattern: /\bthrow new (Type|Range)?Error\(/,
    message:
      'a module throws AppError with a module.reason code, so that a person reads it in their language',
  },
  {
    files: /^(apps|packages)\/.*\.(ts|vue)$/,
    except: /\.generated\.ts$/,
    pattern: /\b(TODO|FIXME|XXX)\b/,
    message: 'what is not built is left out: finish it, or write an issue',
  },
  {
    files: /./,
    except: /\.(png|jpg|woff2|ico)$/,
    pattern: /(^|[\s"'`=(:])\/(work|home\/[a-z]+|Users\/[A-Za-z]+|opt\/(wheels|pypi))\//,
    message: 'a path of one machine does not belong into the repository',
  },
  {
    files: /(^|\/)package-lock\.json$/,
    pattern: /"resolved": "https?:/,
    message: 'the lock file names no registry host: keep omit-lockfile-registry-resolved in .npmrc',
  },
]

function listedFiles(): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  return out.split('\0').filter(Boolean)
}

function readLines(file: string): string[] {
  try {
    return readFileSync(path.join(root, file), 'utf8').split('\n')
  } catch {
    return []
  }
}

/** Checks that no linter knows, line by line over all files that git would take. */
export function checkHouseRules(): string[] {
  const failures: string[] = []
  for (const file of listedFiles()) {
    if (file.startsWith('scripts/verify/')) continue
    const applied = rules.filter((rule) => rule.files.test(file) && !rule.except?.test(file))
    if (applied.length === 0) continue
    readLines(file).forEach((line, index) => {
      for (const rule of applied) {
        if (rule.pattern.test(line)) failures.push(`${file}:${index + 1}: ${rule.message}`)
      }
    })
  }
  return failures
}
