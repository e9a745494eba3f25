import type { ClientInput, HandlerInput, ReplyOf } from './core/route.ts'
import { accessRoutes } from './modules/access.ts'
import { adminRoutes } from './modules/admin.ts'
import { authRoutes } from './modules/auth.ts'
import { chatRoutes } from './modules/chat.ts'
import { compareRoutes } from './modules/compare.ts'
import { datasetRoutes } from './modules/datasets.ts'
import { deploymentRoutes } from './modules/deployments.ts'
import { factorRoutes } from './modules/factors.ts'
import { gatewayRoutes } from './modules/gateway.ts'
import { generationRoutes } from './modules/generations.ts'
import { groupRoutes } from './modules/groups.ts'
import { homeRoutes } from './modules/home.ts'
import { identityRoutes } from './modules/identities.ts'
import { modelRoutes } from './modules/models.ts'
import { peopleRoutes } from './modules/people.ts'
import { platformRoutes } from './modules/platform.ts'
import { promptRoutes } from './modules/prompts.ts'
import { roleRoutes } from './modules/roles.ts'
import { serviceRoutes } from './modules/services.ts'
import { swanlabApiRoutes } from './modules/swanlab-api.ts'
import { swanlabRoutes } from './modules/swanlab.ts'
import { trackingPageRoutes } from './modules/tracking-pages.ts'
import { trackingRoutes } from './modules/tracking.ts'
import { trainingRoutes } from './modules/training.ts'
import { usageRoutes } from './modules/usage.ts'
import { userRoutes } from './modules/users.ts'

/** The one table of routes: checks, OpenAPI, the page's client and every permission come from here. */
export const routes = {
  ...platformRoutes,
  ...authRoutes,
  ...factorRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...groupRoutes,
  ...accessRoutes,
  ...peopleRoutes,
  ...identityRoutes,
  ...serviceRoutes,
  ...modelRoutes,
  ...promptRoutes,
  ...generationRoutes,
  ...chatRoutes,
  ...compareRoutes,
  ...datasetRoutes,
  ...trainingRoutes,
  ...trackingRoutes,
  ...trackingPageRoutes,
  ...swanlabRoutes,
  ...swanlabApiRoutes,
  ...deploymentRoutes,
  ...gatewayRoutes,
  ...usageRoutes,
  ...homeRoutes,
  ...adminRoutes,
}

export type Routes = typeof routes
export type RouteName = keyof Routes
export type RouteInput<N extends RouteName> = ClientInput<Routes[N]>
export type RouteReply<N extends RouteName> = ReplyOf<Routes[N]>
export type RouteHandlerInput<N extends RouteName> = HandlerInput<Routes[N]>
