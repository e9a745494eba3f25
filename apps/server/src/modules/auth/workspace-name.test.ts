import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workspaceStem } from './workspace-name.ts'

test.each([
  ['jane.doe', 'jane-doe'],
  ['Renée Müller', 'Renee-Muller'],
  ['小林', 'workspace'],
  ['--x--', 'x'],
  ['a-very-long-name-that-goes-on-and-on', 'a-very-long-name-that-goe'],
])('%s becomes %s', (text, stem) => expect(workspaceStem(text)).toBe(stem))

test('whatever it is made from, a name fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => /^[0-9A-Za-z_-]{1,25}$/.test(workspaceStem(text))),
  )
})
