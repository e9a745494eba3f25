import { fromJson, toJson } from '../../platform/db/index.ts'
import type { PromptChoice } from '../prompts/index.ts'
import type { ConversationRow } from './chat.repo.ts'

type PromptColumns = Pick<ConversationRow, 'prompt_id' | 'prompt_version' | 'prompt_variables'>

/** A choice as the conversation's columns. */
export function promptColumns(choice: PromptChoice | null): PromptColumns {
  if (!choice) return { prompt_id: null, prompt_version: null, prompt_variables: null }
  return {
    prompt_id: choice.promptId,
    prompt_version: choice.version,
    prompt_variables: toJson(choice.variables),
  }
}

export function promptChoiceOf(row: PromptColumns): PromptChoice | null {
  if (row.prompt_id === null) return null
  const variables = fromJson<PromptChoice['variables']>(row.prompt_variables ?? '{}')
  return { promptId: row.prompt_id, version: row.prompt_version, variables }
}
