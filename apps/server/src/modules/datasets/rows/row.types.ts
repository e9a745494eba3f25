export const datasetFormats = ['messages', 'prompt-completion', 'alpaca', 'sharegpt'] as const
export type DatasetFormat = (typeof datasetFormats)[number]

export type MessageRole = 'system' | 'user' | 'assistant' | 'tool'

export interface DatasetMessage {
  role: MessageRole
  content: string
  reasoning?: string
}

/** Why a row is set aside; their words stand in the catalogue under `datasets.reasons`. */
export type RowReason =
  | 'not-json'
  | 'not-object'
  | 'not-utf8'
  | 'too-long'
  | 'unknown-format'
  | 'wrong-type'
  | 'unknown-role'
  | 'no-turns'
  | 'empty-content'
  | 'tool-calls'
  | 'system-later'
  | 'first-not-user'
  | 'wrong-order'
  | 'last-not-assistant'

export interface RowProblem {
  code: RowReason
  params: Record<string, string | number>
}

export type RowResult =
  | { format: DatasetFormat; messages: DatasetMessage[]; problem?: undefined }
  | { problem: RowProblem }

/** Thrown while a row is read, and caught there. */
export class BadRow extends Error {
  readonly problem: RowProblem

  constructor(code: RowReason, params: RowProblem['params'] = {}) {
    super(code)
    this.problem = { code, params }
  }
}

/** A piece of what a row holds, short and storable on every database. */
export function cleanPiece(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll('\0', '\uFFFD')
}
