import type { Reader } from '../../platform/db/index.ts'
import type { GenerationRow } from './generations.repo.ts'

export interface VersionCount {
  prompt_version_id: string
  count: number
}

/** A statement takes no more than some ten thousand values. */
const atOnce = 1000

/** How many answers some versions of prompts have made since a time. */
export async function countByPromptVersion(
  reader: Reader,
  versionIds: readonly string[],
  vias: readonly string[],
  since: number,
): Promise<VersionCount[]> {
  const counts: VersionCount[] = []
  for (let at = 0; at < versionIds.length; at += atOnce) {
    const some = versionIds.slice(at, at + atOnce)
    const rows = await reader.dynamic<{ generation: GenerationRow }, VersionCount>((k) =>
      k
        .selectFrom('generation')
        .select((eb) => ['prompt_version_id', eb.fn.countAll<number>().as('count')])
        .where('prompt_version_id', 'in', some)
        .where('started_at', '>=', since)
        .where('via', 'in', vias)
        .groupBy('prompt_version_id')
        .$narrowType<{ prompt_version_id: string }>(),
    )
    counts.push(...rows)
  }
  return counts
}
