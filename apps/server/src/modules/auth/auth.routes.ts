import { AppError } from '../../platform/errors.ts'
import { handlers } from '../../platform/http/index.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { authenticate } from './authenticate.ts'
import { changePassword } from './change-password.ts'
import { createInvitation } from './create-invitation.ts'
import { createKey } from './create-key.ts'
import { createResetLink } from './create-reset-link.ts'
import { createUser } from './create-user.ts'
import { endOtherSessions, endSession, endUserSessions } from './end-session.ts'
import { factorHandlers } from './factors/factors.routes.ts'
import { getUser } from './get-user.ts'
import { listInvitations } from './list-invitations.ts'
import { listKeys } from './list-keys.ts'
import { listSessions, listUserSessions } from './list-sessions.ts'
import { listUsers } from './list-users.ts'
import { readLink } from './read-link.ts'
import { readMe } from './read-me.ts'
import { clearRefreshCookie, deviceOf, enter, readRefreshCookie } from './refresh-cookie.ts'
import { refresh } from './refresh.ts'
import { renewInvitation } from './renew-invitation.ts'
import { resetPassword } from './reset-password.ts'
import { revokeKey } from './revoke-key.ts'
import { createRole } from './roles/create-role.ts'
import { deleteRole } from './roles/delete-role.ts'
import { listRoles } from './roles/list-roles.ts'
import { updateRole } from './roles/update-role.ts'
import { setUp, setUpState } from './set-up.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { updateMe } from './update-me.ts'
import { updateUser } from './update-user.ts'
import { withdrawInvitation } from './withdraw-invitation.ts'

export const authHandlers = handlers('auth', {
  ...factorHandlers,
  'auth.setUpState': (ctx) => setUpState(ctx.platform),
  'auth.setUp': async (ctx, { body }, io) => enter(ctx, io, await setUp(ctx, body, deviceOf(io))),
  'auth.signIn': async (ctx, { body }, io) => enter(ctx, io, await signIn(ctx, body, deviceOf(io))),
  'auth.refresh': async (ctx, _input, io) => {
    const held = readRefreshCookie(ctx, io)
    if (held === null) throw new AppError('auth.session-ended')
    return enter(ctx, io, await refresh(ctx, held))
  },
  'auth.signOut': async (ctx, _input, io) => {
    const bearer = io.headers.authorization ?? null
    // A token that has run out is no reason to keep a session that its owner wants ended.
    const actor = await authenticate(ctx.platform, bearer).catch(() => ctx.actor)
    await signOut({ ...ctx, actor }, readRefreshCookie(ctx, io))
    clearRefreshCookie(ctx, io)
  },
  'auth.me': (ctx) => readMe(ctx),
  'auth.updateMe': (ctx, { body }) => updateMe(ctx, body),
  'auth.changePassword': (ctx, { body }) => changePassword(ctx, body),
  'auth.createUser': (ctx, { body }) => createUser(ctx, body),
  'auth.listUsers': (ctx, { query }) => listUsers(ctx, query),
  'auth.getUser': (ctx, { params }) => getUser(ctx, params.id),
  'auth.updateUser': (ctx, { params, body }) => updateUser(ctx, params.id, body),
  'auth.createResetLink': (ctx, { params }) => createResetLink(ctx, params.id),
  'auth.listSessions': (ctx, { query }) => listSessions(ctx, query),
  'auth.endOtherSessions': (ctx) => endOtherSessions(ctx),
  'auth.endSession': (ctx, { params }) => endSession(ctx, params.id),
  'auth.listUserSessions': (ctx, { params, query }) => listUserSessions(ctx, params.id, query),
  'auth.endUserSessions': (ctx, { params }) => endUserSessions(ctx, params.id),
  'auth.listInvitations': (ctx, { query }) => listInvitations(ctx, query),
  'auth.createInvitation': (ctx, { body }) => createInvitation(ctx, body),
  'auth.renewInvitation': (ctx, { params, body }) => renewInvitation(ctx, params.id, body?.sendMail),
  'auth.withdrawInvitation': (ctx, { params }) => withdrawInvitation(ctx, params.id),
  'auth.readLink': (ctx, { body }) => readLink(ctx, body.token),
  'auth.acceptInvitation': async (ctx, { body }, io) =>
    enter(ctx, io, await acceptInvitation(ctx, body, deviceOf(io))),
  'auth.resetPassword': async (ctx, { body }, io) =>
    enter(ctx, io, await resetPassword(ctx, body, deviceOf(io))),
  'auth.listRoles': (ctx) => listRoles(ctx),
  'auth.createRole': (ctx, { body }) => createRole(ctx, body),
  'auth.updateRole': (ctx, { params, body }) => updateRole(ctx, params.id, body),
  'auth.deleteRole': (ctx, { params, query }) => deleteRole(ctx, params.id, query),
  'auth.createKey': (ctx, { body }) => createKey(ctx, body),
  'auth.listKeys': (ctx, { query }) => listKeys(ctx, query),
  'auth.revokeKey': (ctx, { params }) => revokeKey(ctx, params.id),
})
