import { z } from 'zod'
import { route } from '../core/route.ts'
import {
  id,
  idParams,
  largestInt,
  listOf,
  page,
  resourceFields,
  timestamp,
  version,
  visibility,
} from '../core/scalars.ts'

/** Begins with a letter or digit, so that it can stand in an address. */
const promptName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._()+-]*$/u)
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)
const variableText = z.string().max(10_000)
const promptText = z.string().trim().min(1).max(100_000)
const message = z.string().trim().max(500)
const number = z.number().int().min(1).max(largestInt)

/** More labels may come; `production` is what answers are made with. */
export const promptLabel = z.enum(['production'])

export const promptVariable = z.object({
  name: variableName,
  /** Null: whoever uses the prompt has to give it. */
  default: variableText.nullable(),
  description: z.string().max(500),
})

/** A prompt chosen for a conversation, a pane or a call. */
export const promptChoice = z.object({
  promptId: id,
  /** Null: whatever carries the production label when the call is made. */
  version: number.nullable(),
  variables: z.record(z.string().max(64), variableText).default({}),
})

/** The version that made an answer. */
export const usedPrompt = z.object({ promptId: id, name: z.string(), version: number })

export const prompt = z.object({
  ...resourceFields,
  name: z.string(),
  description: z.string(),
  folder: z.string().nullable(),
  /** Number of its newest version. */
  newest: number,
  labels: z.array(z.object({ label: promptLabel, version: number, movedAt: timestamp })),
  /** How often it is used, by part of the product; answers are those of the last 30 days. */
  uses: z.array(z.object({ by: z.string(), count: z.number().int() })),
})

export const promptVersionSummary = z.object({
  id,
  number,
  message: z.string(),
  authorId: id,
  authorName: z.string(),
  createdAt: timestamp,
  archivedAt: timestamp.nullable(),
  labels: z.array(promptLabel),
})

export const promptVersion = promptVersionSummary.extend({
  text: z.string(),
  variables: z.array(promptVariable),
})

const versionBody = {
  text: promptText,
  /** Defaults and descriptions; which variables there are is said by the text. */
  variables: z
    .array(
      z.object({
        name: variableName,
        default: variableText.nullable().default(null),
        description: z.string().trim().max(500).default(''),
      }),
    )
    .max(100)
    .default([]),
  message: message.default(''),
}
const fields = {
  name: promptName,
  description: z.string().trim().max(500),
  folder: z.string().trim().max(100).nullable(),
}
const versionParams = z.object({ id, number: z.coerce.number().int().min(1).max(largestInt) })
const labelParams = z.object({ id, label: promptLabel })
const write = 'prompts.write'
const read = 'prompts.read'

export const promptRoutes = {
  'prompts.list': route({
    method: 'GET',
    path: '/api/v1/prompts',
    permission: read,
    summary:
      'Prompts that the asker may see, the last changed first; `search` looks in names, descriptions and texts',
    query: page.extend({
      search: z.string().max(200).optional(),
      /** The one of exactly this name, whatever the case. */
      name: z.string().max(100).optional(),
      /** With a version under this label, or (`none`) under no label. */
      label: z.enum(['production', 'none']).optional(),
    }),
    reply: listOf(prompt),
  }),
  'prompts.create': route({
    method: 'POST',
    path: '/api/v1/prompts',
    permission: write,
    summary: 'Makes a prompt with its first version',
    body: z.object({
      name: fields.name,
      description: fields.description.default(''),
      folder: fields.folder.default(null),
      visibility: visibility.default('private'),
      ...versionBody,
    }),
    reply: prompt,
    status: 201,
    idempotent: true,
    errors: ['prompts.name-taken', 'prompts.variable-unknown'],
  }),
  'prompts.addSample': route({
    method: 'POST',
    path: '/api/v1/prompts/sample',
    permission: write,
    summary: 'Adds the sample prompt that the product brings',
    reply: prompt,
    status: 201,
    idempotent: true,
  }),
  'prompts.byName': route({
    method: 'GET',
    path: '/api/v1/prompts/by-name/:name',
    permission: read,
    summary:
      'For programs: the version that carries a label (or the one of a number) of the prompt of this name',
    params: z.object({ name: z.string().min(1).max(100) }),
    query: z.object({
      label: promptLabel.default('production'),
      version: z.coerce.number().int().min(1).max(largestInt).optional(),
    }),
    reply: z.object({
      promptId: id,
      versionId: id,
      name: z.string(),
      version: number,
      text: z.string(),
      variables: z.array(promptVariable),
      labels: z.array(promptLabel),
      createdAt: timestamp,
    }),
    errors: ['prompts.not-found', 'prompts.version-not-found', 'prompts.no-production'],
  }),
  'prompts.get': route({
    method: 'GET',
    path: '/api/v1/prompts/:id',
    permission: read,
    summary: 'One prompt',
    params: idParams,
    reply: prompt,
  }),
  'prompts.update': route({
    method: 'PATCH',
    path: '/api/v1/prompts/:id',
    permission: write,
    summary: 'Renames it, or changes its description, its folder or who sees it',
    params: idParams,
    body: z.object({
      version,
      name: fields.name.optional(),
      description: fields.description.optional(),
      folder: fields.folder.optional(),
      visibility: visibility.optional(),
    }),
    reply: prompt,
    errors: ['prompts.name-taken'],
  }),
  'prompts.duplicate': route({
    method: 'POST',
    path: '/api/v1/prompts/:id/duplicate',
    permission: write,
    summary: "Makes a prompt of the asker's own from its newest version, or another",
    params: idParams,
    body: z.object({ version: number.optional() }),
    reply: prompt,
    status: 201,
    idempotent: true,
  }),
  'prompts.delete': route({
    method: 'DELETE',
    path: '/api/v1/prompts/:id',
    permission: write,
    summary: 'Deletes a prompt; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'prompts.restore': route({
    method: 'POST',
    path: '/api/v1/prompts/:id/restore',
    permission: write,
    summary: 'Undoes the deletion',
    params: idParams,
    reply: prompt,
  }),
  'prompts.versions': route({
    method: 'GET',
    path: '/api/v1/prompts/:id/versions',
    permission: read,
    summary: 'Its versions without their texts, newest first',
    params: idParams,
    query: page,
    reply: listOf(promptVersionSummary),
  }),
  'prompts.version': route({
    method: 'GET',
    path: '/api/v1/prompts/:id/versions/:number',
    permission: read,
    summary: 'One version with its text',
    params: versionParams,
    reply: promptVersion,
    errors: ['prompts.version-not-found'],
  }),
  'prompts.saveVersion': route({
    method: 'POST',
    path: '/api/v1/prompts/:id/versions',
    permission: write,
    summary: 'Saves the next version; a 409 has the prompt and its newest version as `current`',
    params: idParams,
    body: z.object({
      /** The newest version that the writer has seen. */
      basedOn: number,
      ...versionBody,
    }),
    reply: promptVersion,
    status: 201,
    idempotent: true,
    errors: ['platform.stale-version', 'prompts.variable-unknown'],
  }),
  'prompts.archiveVersion': route({
    method: 'POST',
    path: '/api/v1/prompts/:id/versions/:number/archive',
    permission: write,
    summary: 'Puts a version away: it is offered nowhere any more, and what was pinned to it goes on',
    params: versionParams,
    reply: promptVersion,
    errors: ['prompts.version-labelled'],
  }),
  'prompts.restoreVersion': route({
    method: 'POST',
    path: '/api/v1/prompts/:id/versions/:number/restore',
    permission: write,
    summary: 'Takes an archived version out again',
    params: versionParams,
    reply: promptVersion,
  }),
  'prompts.moveLabel': route({
    method: 'PUT',
    path: '/api/v1/prompts/:id/labels/:label',
    permission: 'prompts.publish',
    summary: 'Moves a label to a version, with the reason',
    params: labelParams,
    body: z.object({
      /** Where the asker saw it last; null: nowhere. */
      from: number.nullable(),
      to: number,
      reason: z.string().trim().min(1).max(500),
    }),
    reply: prompt,
    errors: ['platform.stale-version', 'prompts.version-archived', 'prompts.version-not-found'],
  }),
  'prompts.labelMoves': route({
    method: 'GET',
    path: '/api/v1/prompts/:id/labels/:label/moves',
    permission: read,
    summary: 'Where a label has been, newest move first, with each reason',
    params: labelParams,
    query: page,
    reply: listOf(
      z.object({
        id,
        from: number.nullable(),
        to: number,
        reason: z.string(),
        movedById: id,
        movedByName: z.string(),
        at: timestamp,
      }),
    ),
  }),
  'prompts.uses': route({
    method: 'GET',
    path: '/api/v1/prompts/:id/uses',
    permission: read,
    summary:
      'Where it is used: how often by part of the product, by version, and those of the uses that are the asker’s own',
    params: idParams,
    reply: z.object({
      items: z.array(
        z.object({
          by: z.string(),
          count: z.number().int(),
          /** By version: null is whatever carries the production label. */
          versions: z.array(z.object({ version: number.nullable(), count: z.number().int() })),
          /** The newest of the asker's own. */
          own: z.array(z.object({ id, title: z.string(), at: timestamp })),
        }),
      ),
    }),
  }),
}
