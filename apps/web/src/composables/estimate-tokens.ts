const dense = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/g

/** About how many tokens a text is, until its provider says: a Chinese character is most of one, four others are one. */
export function estimateTokens(text: string): number {
  const characters = text.match(dense)?.length ?? 0
  return Math.round(characters * 0.7 + (text.length - characters) / 4)
}
