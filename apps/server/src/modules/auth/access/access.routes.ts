import { handlers } from '../../../platform/http/index.ts'
import { changeGroupMembers } from '../groups/change-members.ts'
import { createGroup } from '../groups/create-group.ts'
import { deleteGroup, restoreGroup } from '../groups/delete-group.ts'
import { getGroup, listGroupMembers, listGroups } from '../groups/list-groups.ts'
import { listSubjects } from '../groups/list-subjects.ts'
import { updateGroup } from '../groups/update-group.ts'
import { getAccess } from './get-access.ts'
import { handOver } from './hand-over.ts'
import { listReadings, openOthers } from './open-others.ts'
import { setAccess } from './set-access.ts'

export const accessHandlers = handlers('access', {
  'access.listGroups': (ctx, { query }) => listGroups(ctx, query),
  'access.getGroup': (ctx, { params }) => getGroup(ctx, params.id),
  'access.createGroup': (ctx, { body }) => createGroup(ctx, body),
  'access.updateGroup': (ctx, { params, body }) => updateGroup(ctx, params.id, body),
  'access.deleteGroup': (ctx, { params, query }) => deleteGroup(ctx, params.id, query.version),
  'access.restoreGroup': (ctx, { params }) => restoreGroup(ctx, params.id),
  'access.listGroupMembers': (ctx, { params, query }) => listGroupMembers(ctx, params.id, query),
  'access.changeGroupMembers': (ctx, { params, body }) => changeGroupMembers(ctx, params.id, body),
  'access.listSubjects': (ctx, { query }) => listSubjects(ctx, query),
  'access.getAccess': (ctx, { params }) => getAccess(ctx, params.kind, params.id),
  'access.setAccess': (ctx, { params, body }) => setAccess(ctx, params.kind, params.id, body),
  'access.handOver': (ctx, { params, body }) => handOver(ctx, params.kind, params.id, body),
  'access.openOthers': (ctx, { params, body }) => openOthers(ctx, params.kind, params.id, body),
  'access.listReadings': (ctx, { params, query }) => listReadings(ctx, params.kind, params.id, query),
})
