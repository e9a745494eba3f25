import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { type ResolvedPrompt, promptIdOf, resolvePrompt } from '../prompts/index.ts'

type Choice = NonNullable<RouteHandlerInput<'gateway.chat'>['body']['anneal_prompt']>

/** The system message that a call asks for by a prompt's id or name, its variables filled in. */
export async function promptFor(ctx: Context, choice: Choice): Promise<ResolvedPrompt> {
  const { name, variables, version = null } = choice
  const promptId = choice.promptId ?? (name === undefined ? undefined : await promptIdOf(ctx, name))
  if (promptId === undefined) {
    throw new AppError(
      'platform.invalid-input',
      {},
      { fields: [{ pointer: '/anneal_prompt/name', code: 'required' }] },
    )
  }
  return resolvePrompt(ctx, { promptId, version, variables })
}
