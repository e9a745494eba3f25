import type { Reader } from '../../platform/db/index.ts'
import type { CallVia } from './record-call.ts'
import type { UsageTables } from './usage.repo.ts'

/** A statement takes no more than some ten thousand values. */
const atOnce = 1000

export interface PromptCalls {
  prompt_version_id: string
  count: number
}

/** How many calls by one way in some versions of prompts were the system message of, since a time. */
export async function callsByPromptVersion(
  reader: Reader,
  versionIds: readonly string[],
  via: CallVia,
  since: number,
): Promise<PromptCalls[]> {
  const counts: PromptCalls[] = []
  for (let at = 0; at < versionIds.length; at += atOnce) {
    const some = versionIds.slice(at, at + atOnce)
    const rows = await reader.dynamic<UsageTables, PromptCalls>((k) =>
      k
        .selectFrom('model_call')
        .select((eb) => ['prompt_version_id', eb.fn.countAll<number>().as('count')])
        .where('prompt_version_id', 'in', some)
        .where('started_at', '>=', since)
        .where('via', '=', via)
        .groupBy('prompt_version_id')
        .$narrowType<{ prompt_version_id: string }>(),
    )
    counts.push(...rows)
  }
  return counts
}
