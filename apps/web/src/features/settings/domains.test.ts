import { expect, test } from 'vitest'
import { domainsOf } from './domains.ts'

test.each([
  ['', []],
  [' Company.com, @lab.company.com  company.com ', ['company.com', 'lab.company.com']],
  ['一.公司，company.cn、b.cn', ['一.公司', 'company.cn', 'b.cn']],
])('reads %s', (text, expected) => {
  expect(domainsOf(text)).toEqual(expected)
})
