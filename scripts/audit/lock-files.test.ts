import path from 'node:path'
import { expect, test } from 'vitest'
import { missingFromLock, pinsOf } from './lock-files.ts'

test('every dependency of npm and of Python is locked to a version', () => {
  expect(missingFromLock(path.resolve(import.meta.dirname, '../..'))).toEqual([])
})

test('pins are read, whatever stands behind them', () => {
  const text = '# engine\ntorch==2.13.0\nsafetensors==1.0 ; python_version > "3.9"\n\nloose>=1\n'
  expect(pinsOf(text)).toEqual([
    { name: 'torch', version: '2.13.0' },
    { name: 'safetensors', version: '1.0' },
  ])
})
