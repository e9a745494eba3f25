import { handlers } from '../../platform/http/index.ts'
import { dismissChecklist } from './dismiss-checklist.ts'
import { getHome } from './get-home.ts'

export const homeHandlers = handlers('home', {
  'home.get': (ctx) => getHome(ctx),
  'home.dismissChecklist': (ctx, { body }) => dismissChecklist(ctx, body),
})
