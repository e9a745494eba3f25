import type { Reader } from '../../../platform/db/index.ts'
import { passkeysOf, recoveryCodesOf, totpOf } from './factors.repo.ts'
import type { PasskeyRow, RecoveryCodeRow, TotpRow } from './factors.tables.ts'

export interface Factors {
  totp: TotpRow | null
  passkeys: PasskeyRow[]
  recoveryCodes: RecoveryCodeRow[]
}

/** Everything by which a person can prove who they are, beside the password. */
export async function factorsOf(reader: Reader, userId: string): Promise<Factors> {
  return {
    totp: (await reader.first(totpOf, { userId })) ?? null,
    passkeys: await reader.all(passkeysOf, { userId }),
    recoveryCodes: await reader.all(recoveryCodesOf, { userId }),
  }
}

/** Recovery codes alone are no factor: they stand in for one. */
export function hasFactor({ totp, passkeys }: Factors): boolean {
  return totp !== null || passkeys.length > 0
}
