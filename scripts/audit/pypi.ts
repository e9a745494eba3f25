import type { Pin } from './lock-files.ts'

export interface Advisory extends Pin {
  id: string
  fixedIn: string[]
}

interface PypiReply {
  vulnerabilities?: { id: string; aliases?: string[]; fixed_in?: string[]; withdrawn?: string | null }[]
}

/** `unknown`: versions that the registry does not have, so that nothing is known of them. */
export type PypiAnswer = { found: Advisory[]; unknown: Pin[] } | { unanswered: string }

async function askOne({ name, version }: Pin): Promise<Advisory[] | 'unknown' | { unanswered: string }> {
  const url = `https://pypi.org/pypi/${encodeURIComponent(name)}/${encodeURIComponent(version)}/json`
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(15_000) })
    if (reply.status === 404) return 'unknown'
    if (!reply.ok) return { unanswered: `${url} answered ${reply.status}` }
    const { vulnerabilities } = (await reply.json()) as PypiReply
    if (!vulnerabilities) return { unanswered: `${url} says nothing of advisories` }
    return vulnerabilities
      .filter(({ withdrawn }) => !withdrawn)
      .map(({ id, aliases = [], fixed_in = [] }) => ({
        name,
        version,
        id: aliases.find((alias) => alias.startsWith('CVE-')) ?? id,
        fixedIn: fixed_in,
      }))
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { unanswered: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** PyPI's advisories on each pinned version; the first that is not answered ends the asking. */
export async function askPypi(pins: readonly Pin[]): Promise<PypiAnswer> {
  const found: Advisory[] = []
  const unknown: Pin[] = []
  for (const pin of pins) {
    const answer = await askOne(pin)
    if (answer === 'unknown') unknown.push(pin)
    else if ('unanswered' in answer) return answer
    else found.push(...answer)
  }
  // A mirror without PyPI's JSON API knows of no version at all.
  if (unknown.length === pins.length) return { unanswered: 'it knows none of the versions' }
  return { found, unknown }
}
