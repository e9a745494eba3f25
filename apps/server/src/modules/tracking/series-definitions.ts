import type { Reader } from '../../platform/db/index.ts'
import { definitionsOf } from './media.repo.ts'

/** How a series is to be drawn. */
export interface SeriesDefinition {
  name: string | null
  section: string | null
  xAxis: string | null
  hidden: boolean
}

const none: SeriesDefinition = { name: null, section: null, xAxis: null, hidden: false }

/** As a project first defined its series; of one that it said nothing of, nothing. */
export async function definitionsIn(
  reader: Reader,
  projectId: string,
): Promise<(key: string) => SeriesDefinition> {
  const rows = await reader.all(definitionsOf, { project_id: projectId })
  const defined = new Map(
    rows.map((row): [string, SeriesDefinition] => [
      row.series_key,
      { name: row.name, section: row.section, xAxis: row.x_axis, hidden: row.hidden === 1 },
    ]),
  )
  return (key) => defined.get(key) ?? none
}
