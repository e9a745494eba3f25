import { access } from './zh/access.ts'
import { admin } from './zh/admin.ts'
import { auth } from './zh/auth.ts'
import { chat } from './zh/chat.ts'
import { compare } from './zh/compare.ts'
import { datasets } from './zh/datasets.ts'
import { deployments } from './zh/deployments.ts'
import { factors } from './zh/factors.ts'
import { gateway } from './zh/gateway.ts'
import { generations } from './zh/generations.ts'
import { home } from './zh/home.ts'
import { identity } from './zh/identity.ts'
import { mail } from './zh/mail.ts'
import { models } from './zh/models.ts'
import { people } from './zh/people.ts'
import { platform } from './zh/platform.ts'
import { prompts } from './zh/prompts.ts'
import { providers } from './zh/providers.ts'
import { service } from './zh/service.ts'
import { tracking } from './zh/tracking.ts'
import { training } from './zh/training.ts'
import { ui } from './zh/ui.ts'
import { usage } from './zh/usage.ts'
import { users } from './zh/users.ts'

/** Every text a person reads, in Chinese. */
export const texts = {
  platform,
  auth,
  access,
  provider: providers,
  models,
  generations,
  chat,
  datasets,
  training,
  tracking,
  deployments,
  home,
  admin,
  identity,
  mail,
  service,
  people,
  prompts,
  compare,
  gateway,
  factors,
  usage,
  users,
  ui,
}
