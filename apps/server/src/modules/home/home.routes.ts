import { handlers } from '../../platform/http/index.ts'
import { dismissChecklist } from './dismiss-checklist.ts'
import { getHome } from './get-home.ts'
import { listNotices, readNotices } from './notices.ts'
import { searchAll } from './search-all.ts'

export const homeHandlers = handlers('home', {
  'home.get': (ctx) => getHome(ctx),
  'home.dismissChecklist': (ctx, { body }) => dismissChecklist(ctx, body),
  'home.notices': (ctx, { query }) => listNotices(ctx, query),
  'home.readNotices': (ctx, { body }) => readNotices(ctx, body),
  'home.search': (ctx, { query }) => searchAll(ctx, query),
})
