import { expect, test } from 'vitest'
import { deviceWords } from './devices.ts'

const mozilla = 'Mozilla/5.0'
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    { browser: 'Chrome', system: 'macOS', kind: 'computer' },
  ],
  [
    `${mozilla} (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0`,
    { browser: 'Firefox', system: 'Linux', kind: 'computer' },
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1`,
    { browser: 'Safari', system: 'iOS', kind: 'phone' },
  ],
  ['curl/8.5.0', { browser: 'curl', system: null, kind: 'program' }],
  ['python-requests/2.32', { browser: 'python-requests', system: null, kind: 'program' }],
  ['\u0000<script>', { browser: null, system: null, kind: 'program' }],
  ['', { browser: null, system: null, kind: 'program' }],
  [null, { browser: null, system: null, kind: 'program' }],
])('%s', (userAgent, words) => {
  expect(deviceWords(userAgent)).toEqual(words)
})
