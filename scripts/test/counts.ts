import { readFileSync } from 'node:fs'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export const noCounts = (): Counts => ({ passed: 0, failed: 0, skipped: 0 })

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** Counts of Vitest's JSON report; a file that failed without a failed test in it counts as one failure. */
export function vitestCounts(text: string): Counts {
  const report = JSON.parse(text) as VitestReport
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Counts of a JUnit report as pytest writes it. */
export function junitCounts(text: string): Counts {
  const counts = noCounts()
  for (const [suite] of text.matchAll(/<testsuite\b[^>]*>/g)) {
    const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
    const failed = number('failures') + number('errors')
    counts.failed += failed
    counts.skipped += number('skipped')
    counts.passed += number('tests') - failed - number('skipped')
  }
  return counts
}

/** The report's counts, or undefined where the run ended before it wrote a readable one. */
export function readCounts(file: string): Counts | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    return file.endsWith('.xml') ? junitCounts(text) : vitestCounts(text)
  } catch {
    return undefined
  }
}
