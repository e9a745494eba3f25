import type { Platform } from '../../platform/context.ts'
import { perPlatform } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { accessHandlers } from './access/access.routes.ts'
import { accessSettings } from './access/access.settings.ts'
import { authMigrations } from './auth.migrations.ts'
import { authHandlers } from './auth.routes.ts'
import { authenticate } from './authenticate.ts'
import { onEnded, watchEnded } from './ended.ts'
import { ensureFirstAdministrator, setUpLink } from './first-administrator.ts'
import { identityHandlers } from './identities/identities.routes.ts'
import { defineLinkMail } from './identities/mail-links.ts'
import { registrationSetting } from './identities/registration.settings.ts'
import { defineDeletion } from './people/deletion-job.ts'
import { defineImport } from './people/import-job.ts'
import { peopleHandlers } from './people/people.routes.ts'
import { keepPruning } from './prune.ts'
import { serviceHandlers } from './services/services.routes.ts'
import { keepSigningKeys } from './rotate-signing-keys.ts'
import { sees } from './sees.ts'
import { prepareSigningKeys } from './signing-keys.ts'

export { aboutReadable, aboutResources } from './access/about-resources.ts'
export type { AboutResources } from './access/about-resources.ts'
export { declareResource } from './access/declare-resource.ts'
export { onAccessGiven } from './access/set-access.ts'
export { onOpenedByOther } from './access/open-others.ts'
export { hasSharedAccess } from './access/load-shared.ts'
export { hasAccess, requireAccess } from './access/require-access.ts'
export { tellVisibility } from './access/tell-visibility.ts'
export { defaultResourceColumns } from './auth.migrations.ts'
export { authenticateKey, keyActorByHash } from './authenticate.ts'
export { actorUserId, can, mayOf, requireCan } from './can.ts'
export type { GrantRow, Resource } from './can.ts'
export { createAdministrator, createKeyFor, createResetLinkFor } from './first-administrator.ts'
export { grantsOf } from './grants.repo.ts'
export { keysByIds } from './key-labels.repo.ts'
export { createRunKey, endRunKey } from './run-keys.ts'
export { rotateSigningKeys } from './rotate-signing-keys.ts'
export { declareRemoval } from './people/removals.ts'
export { permissionHolders } from './roles/role-facts.ts'
export { hashToken } from './random-token.ts'
export { usersByIds } from './users.repo.ts'
export type { UserLabel } from './users.repo.ts'
export { visibleParams, visibleTo } from './visible-to.ts'
export type { VisibleParamRefs, VisibleParams } from './visible-to.ts'

interface Watching {
  stop?: () => void
  stopPruning?: () => Promise<void>
  stopKeys?: () => Promise<void>
}
const watching = perPlatform<Watching>(() => ({}))

async function start(platform: Platform): Promise<void> {
  await prepareSigningKeys(platform)
  await ensureFirstAdministrator(platform)
  defineLinkMail(platform)
  defineDeletion(platform)
  defineImport(platform)
  watching(platform).stop = watchEnded(platform)
  watching(platform).stopPruning = keepPruning(platform)
  watching(platform).stopKeys = keepSigningKeys(platform)
}

async function stop(platform: Platform): Promise<void> {
  watching(platform).stop?.()
  await watching(platform).stopPruning?.()
  await watching(platform).stopKeys?.()
}

export const authModule: Module = {
  name: 'auth',
  migrations: authMigrations,
  routes: { ...authHandlers, ...peopleHandlers, ...accessHandlers, ...identityHandlers, ...serviceHandlers },
  settings: [...accessSettings, registrationSetting],
  authority: { authenticate, sees, onEnded, setUpLink },
  secrets: [
    { table: 'refresh_token', key: 'hash', column: 'successor' },
    { table: 'user_import', key: 'id', column: 'results' },
    { table: 'signing_key', key: 'kid', column: 'private_key' },
    { table: 'user_totp', key: 'user_id', column: 'secret' },
    { table: 'auth_ticket', key: 'id', column: 'secret' },
    { table: 'oidc_provider', key: 'id', column: 'client_secret' },
  ],
  start,
  stop,
}
