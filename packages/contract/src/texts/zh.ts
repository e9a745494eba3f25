import { admin } from './zh/admin.ts'
import { auth } from './zh/auth.ts'
import { chat } from './zh/chat.ts'
import { datasets } from './zh/datasets.ts'
import { deployments } from './zh/deployments.ts'
import { generations } from './zh/generations.ts'
import { home } from './zh/home.ts'
import { models } from './zh/models.ts'
import { platform } from './zh/platform.ts'
import { providers } from './zh/providers.ts'
import { tracking } from './zh/tracking.ts'
import { training } from './zh/training.ts'
import { ui } from './zh/ui.ts'

/** Every text a person reads, in Chinese. */
export const texts = {
  platform,
  auth,
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
  ui,
}
