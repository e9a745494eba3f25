/** The key of the next prompt as it is being written, of a comparison or of one that has not begun. */
export const draftKey = (id: string | undefined): string => `anneal.compare-draft.${id ?? 'new'}`
