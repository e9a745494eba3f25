import { handlers, textReply } from '../../../platform/http/index.ts'
import { ownedBy } from './count-owned.ts'
import { deleteUser, readDeletion } from './delete-user.ts'
import { checkImport, getImport, startImport, takeImportResults } from './import-users.ts'
import { restoreInvitation } from './restore-invitation.ts'

export const peopleHandlers = handlers('people', {
  'people.owned': (ctx, { params }) => ownedBy(ctx, params.id),
  'people.deleteUser': (ctx, { params, query }) => deleteUser(ctx, params.id, query),
  'people.deletion': (ctx, { params }) => readDeletion(ctx, params.id),
  'people.checkImport': (ctx, { body }) => checkImport(ctx, body),
  'people.startImport': (ctx, { body }) => startImport(ctx, body),
  'people.getImport': (ctx, { params }) => getImport(ctx, params.id),
  'people.takeImportResults': async (ctx, { params }, io) => {
    io.setHeader('content-disposition', 'attachment; filename="import-results.csv"')
    io.setHeader('cache-control', 'no-store')
    return textReply(await takeImportResults(ctx, params.id), 'text/csv; charset=utf-8')
  },
  'people.restoreInvitation': (ctx, { params }) => restoreInvitation(ctx, params.id),
})
