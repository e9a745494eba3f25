import { ApiError } from '../problem.ts'
import { translate } from '../../composables/texts.ts'

type Options = Record<string, unknown>
type Credential = Record<string, unknown>

/** The helper for WebAuthn's JSON is small, but not for everyone who signs in. */
const library = () => import('@simplewebauthn/browser')

/** Whether the browser offers passkeys to this page at all: not by plain http under a name, nor on an address literal. */
export function passkeysOffered(): boolean {
  const isLiteral = /^(\d+\.){3}\d+$|^\[/.test(location.hostname)
  return isSecureContext && !isLiteral && typeof PublicKeyCredential !== 'undefined'
}

/** Why the browser gives none, in words. */
export function passkeyProblem(detail: 'passkeyOnlySafe' | 'passkeyCancelled' | 'passkeyKnown'): ApiError {
  return new ApiError({
    code: `ui.${detail}`,
    title: translate('auth.usePasskey'),
    detail: translate(`auth.${detail}`),
  })
}

/** What the browser throws is meant for programs: here it becomes a word on what to do. */
async function asked(work: () => Promise<object>): Promise<Credential> {
  if (!passkeysOffered()) throw passkeyProblem('passkeyOnlySafe')
  try {
    return { ...(await work()) } as Credential
  } catch (error) {
    const isKnown = error instanceof Error && error.name === 'InvalidStateError'
    throw passkeyProblem(isKnown ? 'passkeyKnown' : 'passkeyCancelled')
  }
}

/** Has the browser make a passkey. */
export function createPasskey(options: Options): Promise<Credential> {
  return asked(async () => {
    const { startRegistration } = await library()
    return startRegistration({ optionsJSON: options as never })
  })
}

/** Has the browser use one. */
export function usePasskey(options: Options): Promise<Credential> {
  return asked(async () => {
    const { startAuthentication } = await library()
    return startAuthentication({ optionsJSON: options as never })
  })
}
