import type { KeyScope } from '@anneal/contract'
import { keyScopes, scalars } from '@anneal/contract'
import { texts } from '@anneal/contract/texts/en'
import { z } from 'zod'
import {
  createAdministrator,
  createKeyFor,
  createResetLinkFor,
  rotateSigningKeys,
} from '../modules/auth/index.ts'
import { engineOf } from '../modules/training/index.ts'
import { systemContext } from '../platform/context.ts'
import type { Platform } from '../platform/context.ts'
import { AppError } from '../platform/errors.ts'
import { checkInput, errorText } from '../platform/http/index.ts'
import { rotateMasterKey } from '../platform/secrets/index.ts'

const scope = z.enum(keyScopes as readonly [KeyScope, ...KeyScope[]])

const inputs = {
  'create-admin': z.object({ email: scalars.email, name: scalars.name.optional(), password: z.string() }),
  'create-key': z.object({ email: scalars.email, scopes: z.array(scope).optional() }),
  'reset-password': z.object({ email: scalars.email, clearFactors: z.boolean() }),
  doctor: z.object({}),
  engine: z.object({ prepare: z.boolean() }),
  'rotate-signing-key': z.object({ distrust: z.boolean() }),
  'rotate-key': z.object({ key: z.base64().length(44).optional() }),
}

export type OperationName = keyof typeof inputs
export type OperationInput<N extends OperationName> = z.input<(typeof inputs)[N]>

const operations: {
  [N in OperationName]: (platform: Platform, input: z.output<(typeof inputs)[N]>) => Promise<string[]>
} = {
  async 'create-admin'(platform, input) {
    const { email } = await createAdministrator(platform, input)
    return [`Administrator ${email} is made.`]
  },
  async 'create-key'(platform, input) {
    return [await createKeyFor(platform, input)]
  },
  async 'reset-password'(platform, input) {
    const { link, expiresAt, removed } = await createResetLinkFor(platform, input)
    return [
      ...(removed === null ? [] : [`Second factors taken away: ${removed}.`]),
      `The link works once, until ${expiresAt}.`,
      link,
    ]
  },
  async doctor(platform) {
    await platform.db.ping()
    return [`ok      database answers: ${platform.db.product}`]
  },
  async engine(platform, { prepare }) {
    if (prepare) await engineOf(platform).ask(systemContext(platform, 'operator'))
    return engineLines(platform)
  },
  async 'rotate-signing-key'(platform, { distrust }) {
    await rotateSigningKeys(systemContext(platform, 'operator'), { distrust })
    return [
      distrust
        ? 'A new key signs. Tokens of earlier keys end within a minute; pages get new ones by themselves.'
        : 'A new key signs. Tokens of the earlier one are good until they end, within 15 minutes.',
    ]
  },
  'rotate-key': (platform, { key }) =>
    rotateMasterKey(systemContext(platform, 'operator'), key ? Buffer.from(key, 'base64') : null),
}

function engineLines(platform: Platform): string[] {
  const { state, step, progress, python, device, versions, error } = engineOf(platform).view()
  const words = error ? errorText('en', error.code, error.params) : null
  return [
    `state    ${texts.training.engineStates[state]}`,
    ...(state === 'preparing' && step
      ? [`step     ${texts.training.engineSteps[step]}, ${Math.floor(progress * 100)}%`]
      : []),
    ...(words ? [`reason   ${words.title}. ${words.detail}`] : []),
    ...(python ? [`python   ${python}`] : []),
    ...(device ? [`device   ${device}`] : []),
    ...Object.entries(versions).map(([name, version]) => `${name.padEnd(8)} ${version}`),
  ]
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(inputs, name)
}

/** Does one thing for the operator, in a server that runs or with the database opened for it; gives lines to print. */
export async function runOperation(platform: Platform, name: string, given: unknown): Promise<string[]> {
  if (!isOperation(name)) throw new AppError('platform.no-such-route')
  const { body } = checkInput({ body: inputs[name] }, { params: undefined, query: undefined, body: given })
  return operations[name](platform, body as never)
}
