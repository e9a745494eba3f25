import { useTexts } from '../../../composables/texts.ts'
import type { Prompt } from '../prompts.api.ts'

const countOf = ({ uses }: Pick<Prompt, 'uses'>, ...by: string[]): number =>
  uses.reduce((sum, use) => sum + (by.includes(use.by) ? use.count : 0), 0)

/** How much a prompt is used, in one line. */
export function useUseWords(): (prompt: Pick<Prompt, 'uses'>) => string {
  const { t } = useTexts()
  return (prompt) => {
    const chats = countOf(prompt, 'chat')
    const answers = countOf(prompt, 'answers', 'gateway')
    if (chats === 0 && answers === 0) return t('prompts.nowhere')
    return t('prompts.usesShort', {
      chats: t('prompts.chats', { n: chats }),
      answers: t('prompts.answers', { n: answers }),
    })
  }
}
