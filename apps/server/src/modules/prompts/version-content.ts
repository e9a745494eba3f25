import { type RouteHandlerInput, templateVariables } from '@anneal/contract'
import { toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { VersionRow } from './prompts.tables.ts'

type Given = Pick<RouteHandlerInput<'prompts.saveVersion'>['body'], 'text' | 'variables' | 'message'>
export type VersionContent = Pick<VersionRow, 'text' | 'variables' | 'message'>

/**
 * A version's content as it is stored: one entry for each variable of the text, in the text's order.
 * @throws AppError `prompts.variable-unknown` for one that is described but stands nowhere in the text.
 */
export function versionContent(given: Given): VersionContent {
  const described = new Map(given.variables.map((variable) => [variable.name, variable]))
  const names = templateVariables(given.text)
  for (const name of described.keys()) {
    if (!names.includes(name)) throw new AppError('prompts.variable-unknown', { name })
  }
  const variables = names.map((name) => described.get(name) ?? { name, default: null, description: '' })
  return { text: given.text, variables: toJson(variables), message: given.message }
}
