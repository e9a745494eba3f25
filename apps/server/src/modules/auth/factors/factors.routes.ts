import type { RouteName } from '@anneal/contract'
import type { Handler } from '../../../platform/http/index.ts'
import { deviceOf, enter, originOf } from '../refresh-cookie.ts'
import { listFactors } from './list-factors.ts'
import { makeRecoveryCodes } from './make-recovery-codes.ts'
import { addPasskey, beginPasskey, removePasskey, renamePasskey } from './own-passkeys.ts'
import { addTotp, beginTotp, removeTotp } from './own-totp.ts'
import { beginPasskeySignIn, prepareSignIn } from './prepare-sign-in.ts'
import { beginProof, prove } from './prove.ts'
import { removeUserFactors } from './remove-factor.ts'
import { verifySignIn } from './verify-sign-in.ts'

export const factorHandlers = {
  'auth.verifySignIn': async (ctx, { body }, io) =>
    enter(ctx, io, await verifySignIn(ctx, body, { device: deviceOf(io), origin: originOf(io) })),
  'auth.prepareSignIn': (ctx, { body }, io) => prepareSignIn(ctx, body, originOf(io)),
  'auth.beginPasskeySignIn': (ctx, _input, io) => beginPasskeySignIn(ctx, originOf(io)),
  'auth.beginProof': (ctx, _input, io) => beginProof(ctx, originOf(io)),
  'auth.prove': (ctx, { body }, io) => prove(ctx, body, originOf(io)),
  'auth.listFactors': (ctx) => listFactors(ctx),
  'auth.beginTotp': (ctx) => beginTotp(ctx),
  'auth.addTotp': (ctx, { body }) => addTotp(ctx, body),
  'auth.removeTotp': (ctx) => removeTotp(ctx),
  'auth.beginPasskey': (ctx, _input, io) => beginPasskey(ctx, originOf(io)),
  'auth.addPasskey': (ctx, { body }, io) => addPasskey(ctx, body, originOf(io)),
  'auth.renamePasskey': (ctx, { params, body }) => renamePasskey(ctx, params.id, body.name),
  'auth.removePasskey': (ctx, { params }) => removePasskey(ctx, params.id),
  'auth.makeRecoveryCodes': (ctx) => makeRecoveryCodes(ctx),
  'auth.removeUserFactors': (ctx, { params }) => removeUserFactors(ctx, params.id),
} satisfies { [N in RouteName]?: Handler<N> }
