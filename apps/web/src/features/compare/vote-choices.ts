import type { VoteChoice } from './compare.api.ts'

export interface Choice {
  /** The key that votes so. */
  keys: string
  labelKey: string
  letter: string
  body: VoteChoice
}

/** What can be voted for: each pane by its number, a tie, or none. */
export function choicesOf(panes: readonly { id: string; letter: string }[]): Choice[] {
  return [
    ...panes.map(({ id, letter }, index) => ({
      keys: String(index + 1),
      labelKey: 'compare.isBest',
      letter,
      body: { choice: 'pane' as const, paneId: id },
    })),
    { keys: 't', labelKey: 'compare.tie', letter: '', body: { choice: 'tie' } },
    { keys: '0', labelKey: 'compare.allBad', letter: '', body: { choice: 'all-bad' } },
  ]
}
