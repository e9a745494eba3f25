import { handlers } from '../../../platform/http/index.ts'
import { deviceOf, enter } from '../refresh-cookie.ts'
import { register, requestPassword } from './ask-for-mail.ts'
import { confirmRegistration } from './confirm-registration.ts'
import { createProvider, deleteProvider, listProviders, updateProvider } from './manage-providers.ts'
import { finishOidc, startOidc } from './oidc.ts'
import { mailState, signInOptions, testMail } from './sign-in-options.ts'
import { testProvider } from './test-provider.ts'

export const identityHandlers = handlers('identity', {
  'identity.listProviders': (ctx) => listProviders(ctx),
  'identity.createProvider': (ctx, { body }) => createProvider(ctx, body),
  'identity.updateProvider': (ctx, { params, body }) => updateProvider(ctx, params.id, body),
  'identity.deleteProvider': (ctx, { params }) => deleteProvider(ctx, params.id),
  'identity.testProvider': (ctx, { body }) => testProvider(ctx, body.issuer),
  'identity.oidcStart': (ctx, { params }, io) => startOidc(ctx, params.id, io),
  'identity.oidcCallback': (ctx, { params }, io) => finishOidc(ctx, params.id, io),
  'identity.signInOptions': (ctx) => signInOptions(ctx),
  'identity.requestPassword': (ctx, { body }) => requestPassword(ctx, body),
  'identity.register': (ctx, { body }) => register(ctx, body),
  'identity.confirmRegistration': async (ctx, { body }, io) =>
    enter(ctx, io, await confirmRegistration(ctx, body, deviceOf(io))),
  'identity.mailState': (ctx) => mailState(ctx),
  'identity.testMail': (ctx) => testMail(ctx),
})
