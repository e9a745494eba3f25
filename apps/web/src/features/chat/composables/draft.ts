/** The key of the message being written in a conversation, or in one that has not begun. */
export const draftKey = (id: string | undefined): string => `anneal.draft.${id ?? 'new'}`
