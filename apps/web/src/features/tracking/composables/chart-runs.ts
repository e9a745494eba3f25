import type { RunRow } from '../tracking.api.ts'

/** A run as charts draw it. */
export interface ChartRun {
  id: string
  name: string
  colour: string
  /** A run before it has the same colour. */
  dashed: boolean
  live: boolean
  /** Unix milliseconds; where its relative time begins. */
  startedAt: number
}

export const mostShown = 20
/** How many are shown of a project until someone chooses. */
export const shownFirst = 8

export const runColour = (colour: number): string => `var(--an-s${(colour % 8) + 1})`

/** Runs with the colours that they keep everywhere; one that shares its colour with an earlier one is dashed. */
export function chartRuns(
  rows: readonly Pick<RunRow, 'id' | 'name' | 'colour' | 'state' | 'startedAt' | 'createdAt'>[],
): ChartRun[] {
  const used = new Set<number>()
  return rows.map((row) => {
    const dashed = used.has(row.colour)
    used.add(row.colour)
    return {
      id: row.id,
      name: row.name,
      colour: runColour(row.colour),
      dashed,
      live: row.state === 'running' || row.state === 'announced',
      startedAt: Date.parse(row.startedAt ?? row.createdAt),
    }
  })
}
