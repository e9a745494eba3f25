import type { Page } from 'playwright-core'

const step = (next: string, methods: string[]) => ({ next, methods, ticket: 'x'.repeat(43) })
const uri =
  'otpauth://totp/Anneal:lin%40tidewell.example?issuer=Anneal&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const codes = Array.from({ length: 10 }, (_, at) => `k7m2${'abcdefghjk'[at]}-p9qr${at + 2}`)

/**
 * Brings the sign-in page to a step after the password. What the server would say of it is said here, so that no
 * person of the instance has to have a factor.
 */
export const signInStep =
  (
    next: 'second-factor' | 'enrol' | 'new-password',
    methods: string[],
    then?: (page: Page) => Promise<void>,
  ) =>
  async (page: Page): Promise<void> => {
    await page.route('**/api/v1/auth/sign-in', (route) => route.fulfill({ json: step(next, methods) }))
    await page.route('**/api/v1/auth/sign-in/prepare', (route) =>
      route.fulfill({ json: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri } }),
    )
    await page.route('**/api/v1/auth/sign-in/verify', (route) =>
      route.fulfill({ json: { ...step('new-password', ['new-password']), recoveryCodes: codes } }),
    )
    await page.locator('input[name="email"]').fill('lin@tidewell.example')
    await page.locator('input[name="password"]').fill('three words and a comma')
    await page.locator('button.submit').click({ timeout: 5_000 })
    await page.locator('.steps h1').waitFor({ timeout: 5_000 })
    await then?.(page)
  }

/** From the choice of a factor to the secret of a new authenticator. */
export const toSecret = async (page: Page): Promise<void> => {
  await page.locator('.choice button').first().click({ timeout: 5_000 })
  await page.locator('svg.qr path[d]').waitFor({ timeout: 5_000 })
}

/** And on to the recovery codes. */
export const toCodes = async (page: Page): Promise<void> => {
  await toSecret(page)
  await page.locator('input[name="code"]').fill('123456')
  await page.locator('button.submit').click({ timeout: 5_000 })
  await page.locator('.codes').waitFor({ timeout: 5_000 })
}
