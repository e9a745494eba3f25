import { AppError } from '../../platform/errors.ts'
import type { HandlerIo } from '../../platform/http/index.ts'
import { handlers } from '../../platform/http/index.ts'
import { authenticate } from './authenticate.ts'
import { createKey } from './create-key.ts'
import { createUser } from './create-user.ts'
import { listKeys } from './list-keys.ts'
import { listUsers } from './list-users.ts'
import { readMe } from './read-me.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts'
import { refresh } from './refresh.ts'
import { revokeKey } from './revoke-key.ts'
import { setUp, setUpState } from './set-up.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

const deviceOf = (io: HandlerIo) => ({ userAgent: io.headers['user-agent'] ?? null })

export const authHandlers = handlers('auth', {
  'auth.setUpState': (ctx) => setUpState(ctx.platform),
  'auth.setUp': async (ctx, { body }, io) => {
    const { reply, refreshToken } = await setUp(ctx, body, deviceOf(io))
    setRefreshCookie(ctx, io, refreshToken)
    return reply
  },
  'auth.signIn': async (ctx, { body }, io) => {
    const { reply, refreshToken } = await signIn(ctx, body, deviceOf(io))
    setRefreshCookie(ctx, io, refreshToken)
    return reply
  },
  'auth.refresh': async (ctx, _input, io) => {
    const held = readRefreshCookie(ctx, io)
    if (held === null) throw new AppError('auth.session-ended')
    const { reply, refreshToken } = await refresh(ctx, held)
    setRefreshCookie(ctx, io, refreshToken)
    return reply
  },
  'auth.signOut': async (ctx, _input, io) => {
    const bearer = io.headers.authorization ?? null
    // A token that has run out is no reason to keep a session that its owner wants ended.
    const actor = await authenticate(ctx.platform, bearer).catch(() => ctx.actor)
    await signOut({ ...ctx, actor }, readRefreshCookie(ctx, io))
    clearRefreshCookie(ctx, io)
  },
  'auth.me': (ctx) => readMe(ctx),
  'auth.createUser': (ctx, { body }) => createUser(ctx, body),
  'auth.listUsers': (ctx, { query }) => listUsers(ctx, query),
  'auth.createKey': (ctx, { body }) => createKey(ctx, body),
  'auth.listKeys': (ctx, { query }) => listKeys(ctx, query),
  'auth.revokeKey': (ctx, { params }) => revokeKey(ctx, params.id),
})
