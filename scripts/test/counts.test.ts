import { describe, expect, it } from 'vitest'
import { junitCounts, vitestCounts } from './counts.ts'

describe('counts', () => {
  it('counts a file that broke before its tests as one failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    }
    expect(vitestCounts(JSON.stringify(report))).toEqual({ passed: 3, failed: 2, skipped: 2 })
  })

  it('reads a JUnit report', () => {
    const xml =
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"/></testsuites>'
    expect(junitCounts(xml)).toEqual({ passed: 4, failed: 3, skipped: 3 })
  })
})
