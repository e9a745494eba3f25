import { type prompts, fillTemplate, variableValue } from '@anneal/contract'
import type { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { promptFor, versionOf } from './load.ts'
import { variablesOf } from './present.ts'
import type { VersionRow } from './prompts.tables.ts'
import { labelOf, namedVersions } from './versions.repo.ts'

export type PromptChoice = z.output<typeof prompts.promptChoice>
export type UsedPrompt = z.output<typeof prompts.usedPrompt>

export interface ResolvedPrompt {
  versionId: string
  promptId: string
  name: string
  version: number
  /** With its variables filled in. */
  text: string
}

interface Chosen {
  name: string
  version: VersionRow
}

/**
 * The version that a choice means now, if the actor may use the prompt.
 * @throws AppError `prompts.not-found`, `prompts.version-not-found`, `prompts.no-production`.
 */
export async function chosenVersion(
  ctx: Context,
  reader: Reader,
  choice: Pick<PromptChoice, 'promptId' | 'version'>,
): Promise<Chosen> {
  const prompt = await promptFor(ctx, reader, choice.promptId, 'use')
  const label = { prompt_id: prompt.id, label: 'production' }
  const number = choice.version ?? (await reader.first(labelOf, label))?.number
  if (number === undefined) throw new AppError('prompts.no-production', { name: prompt.name })
  return { name: prompt.name, version: await versionOf(reader, prompt, number) }
}

/** Characters of a system message; a question may have as many. */
const longest = 1_000_000

/**
 * A chosen prompt as a system message. Values for variables that the version does not have are left out.
 * @throws AppError as `chosenVersion`, `prompts.too-long`, and `prompts.variable-missing` with the first name that has no value.
 */
export async function resolvePrompt(ctx: Context, choice: PromptChoice): Promise<ResolvedPrompt> {
  const { name, version } = await chosenVersion(ctx, ctx.platform.db.read, choice)
  const declared = variablesOf(version)
  let length = version.text.length
  const filled = fillTemplate(version.text, (variable) => {
    const value = variableValue(variable, choice.variables, declared)
    length += value?.length ?? 0
    // Before it is put together: a value may stand in the text many thousand times.
    if (length > longest) throw new AppError('prompts.too-long', { limit: longest })
    return value
  })
  const [missing] = filled.missing
  if (missing !== undefined) throw new AppError('prompts.variable-missing', { name: missing })
  return {
    versionId: version.id,
    promptId: version.prompt_id,
    name,
    version: version.number,
    text: filled.text,
  }
}

/** What the versions behind answers are called, by the versions' ids. */
export async function usedPrompts(
  reader: Reader,
  versionIds: readonly (string | null | undefined)[],
): Promise<Map<string, UsedPrompt>> {
  const ids = [...new Set(versionIds)].filter((id) => typeof id === 'string')
  const rows = await namedVersions(reader, ids)
  return new Map(
    rows.map((row) => [row.id, { promptId: row.prompt_id, name: row.name, version: row.number }]),
  )
}
