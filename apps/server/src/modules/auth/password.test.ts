import { expect, test } from 'vitest'
import { checkNewPassword, hashPassword, verifyPassword } from './password.ts'

test('a password belongs to its own hash, in whatever Unicode form it was typed', async () => {
  const stored = await hashPassword('crème brûlée für alle')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await verifyPassword('crème brûlée für alle'.normalize('NFD'), stored)).toBe(true)
  expect(await verifyPassword('Crème brûlée für alle', stored)).toBe(false)
})

test('without an account nothing is right', async () => {
  expect(await verifyPassword('', null)).toBe(false)
  expect(await verifyPassword('anything at all', 'not a hash')).toBe(false)
})

test.each([
  ['fourteen chars', 'auth.password-too-short'],
  ['aaaaaaaaaaaaaaa', 'auth.password-common'],
  ['abcabcabcabcabcabc', 'auth.password-common'],
  ['123456789012345', 'auth.password-common'],
  ['passwordpassword1', 'auth.password-common'],
  ['Password12345678', 'auth.password-common'],
  ['lin.long@example.com', 'auth.password-common'],
])('%s is refused as %s', (password, code) => {
  expect(() => checkNewPassword(password, 'Lin.Long@example.com')).toThrow(code)
})

test.each([
  'orange kettle sings at dawn',
  'my secret dragon garden',
  '铁打的营盘流水的兵每天都不一样吗',
  'k3#Vq9!mZx2$Lp7w',
])('%s is accepted', (password) => {
  expect(() => checkNewPassword(password, 'lin@example.com')).not.toThrow()
})
