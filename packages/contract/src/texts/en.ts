import { access } from './en/access.ts'
import { admin } from './en/admin.ts'
import { auth } from './en/auth.ts'
import { chat } from './en/chat.ts'
import { compare } from './en/compare.ts'
import { datasets } from './en/datasets.ts'
import { deployments } from './en/deployments.ts'
import { factors } from './en/factors.ts'
import { gateway } from './en/gateway.ts'
import { generations } from './en/generations.ts'
import { home } from './en/home.ts'
import { identity } from './en/identity.ts'
import { mail } from './en/mail.ts'
import { models } from './en/models.ts'
import { people } from './en/people.ts'
import { platform } from './en/platform.ts'
import { prompts } from './en/prompts.ts'
import { providers } from './en/providers.ts'
import { service } from './en/service.ts'
import { tracking } from './en/tracking.ts'
import { training } from './en/training.ts'
import { ui } from './en/ui.ts'
import { usage } from './en/usage.ts'
import { users } from './en/users.ts'

/** Every text a person reads, in English: its keys are the catalogue's. */
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

export type Texts = typeof texts
