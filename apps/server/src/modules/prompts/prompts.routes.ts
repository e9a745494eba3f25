import { handlers } from '../../platform/http/index.ts'
import { archiveVersion, restoreVersion } from './archive-version.ts'
import { addSample, createPrompt, duplicatePrompt } from './create-prompt.ts'
import { deletePrompt, restorePrompt } from './delete-prompt.ts'
import { getByName, getPrompt, getVersion } from './get-prompt.ts'
import { listLabelMoves, listPrompts, listVersions } from './list-prompts.ts'
import { moveLabel } from './move-label.ts'
import { readUses } from './read-uses.ts'
import { saveVersion } from './save-version.ts'
import { updatePrompt } from './update-prompt.ts'

export const promptsRoutes = handlers('prompts', {
  'prompts.list': (ctx, { query }) => listPrompts(ctx, query),
  'prompts.create': (ctx, { body }) => createPrompt(ctx, body),
  'prompts.addSample': (ctx) => addSample(ctx),
  'prompts.byName': (ctx, { params, query }) => getByName(ctx, params.name, query),
  'prompts.get': (ctx, { params }) => getPrompt(ctx, params.id),
  'prompts.update': (ctx, { params, body }) => updatePrompt(ctx, params.id, body),
  'prompts.duplicate': (ctx, { params, body }) => duplicatePrompt(ctx, params.id, body),
  'prompts.delete': (ctx, { params }) => deletePrompt(ctx, params.id),
  'prompts.restore': (ctx, { params }) => restorePrompt(ctx, params.id),
  'prompts.versions': (ctx, { params, query }) => listVersions(ctx, params.id, query),
  'prompts.version': (ctx, { params }) => getVersion(ctx, params.id, params.number),
  'prompts.saveVersion': (ctx, { params, body }) => saveVersion(ctx, params.id, body),
  'prompts.archiveVersion': (ctx, { params }) => archiveVersion(ctx, params.id, params.number),
  'prompts.restoreVersion': (ctx, { params }) => restoreVersion(ctx, params.id, params.number),
  'prompts.moveLabel': (ctx, { params, body }) => moveLabel(ctx, params, body),
  'prompts.labelMoves': (ctx, { params, query }) => listLabelMoves(ctx, params, query),
  'prompts.uses': (ctx, { params }) => readUses(ctx, params.id),
})
