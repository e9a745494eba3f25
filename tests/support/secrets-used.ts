import { appendFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Names under which a secret goes over the wire. */
const SECRET = /^(password|current|token|accessToken|secret|clientSecret|apiKey|codes|ticket|sid)$/
/** Shorter ones are words that may stand in any line. */
const SHORTEST = 12
/** The one link that a server prints on purpose. */
const ON_PURPOSE = /^Make the first administrator here/

const used = new Set<string>()

function keep(value: string): void {
  const text = value.includes('#') ? value.slice(value.indexOf('#') + 1) : value
  if (text.length >= SHORTEST) used.add(text)
}

/** Notes a secret that a test has used. */
export function noteSecret(value: string | undefined): void {
  if (value) keep(value)
}

/** Notes every secret within what was sent or answered. */
export function noteSecretsIn(value: unknown, name = ''): void {
  if (typeof value === 'string') {
    const isKey = name === 'key' && /^[A-Za-z0-9]{21}$/.test(value)
    const isLink = name === 'link' && value.includes('#')
    if (isKey || isLink || SECRET.test(name)) keep(value)
  } else if (Array.isArray(value)) for (const one of value) noteSecretsIn(one, name)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) noteSecretsIn(inner, key)
}

/** Lines of the output in which a secret stands, which is masked. */
export function leaksIn(output: string, secrets: Iterable<string> = used): string[] {
  const lines = output.split('\n').filter((line) => !ON_PURPOSE.test(line))
  const text = lines.join('\n')
  const found = [...secrets].filter((secret) => text.includes(secret))
  if (found.length === 0) return []
  return lines
    .filter((line) => found.some((secret) => line.includes(secret)))
    .map((line) => found.reduce((masked, secret) => masked.replaceAll(secret, '*****'), line))
}

/** Where the test runner gathers what all servers printed, and all secrets; undefined outside of it. */
const folder = process.env.ANNEAL_TEST_OUTPUT

/**
 * Looks through all that a server printed for every secret that this file's tests have used so far, and leaves both to
 * the runner, which looks for the secrets of all in the output of all.
 * @throws Error with the masked lines.
 */
export function checkOutput(output: string, name: string): void {
  if (folder) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, `${process.pid}-${name}.log`), output)
    appendFileSync(
      path.join(folder, `${process.pid}.secrets`),
      `${[...used].map((one) => JSON.stringify(one)).join('\n')}\n`,
    )
  }
  const leaks = leaksIn(output)
  if (leaks.length > 0)
    throw new Error(`a secret stands in the server's output:\n${leaks.slice(0, 10).join('\n')}`)
}

/** Every secret of the suite against the output of every server that it started. */
export function leaksOfSuite(gathered: string): string[] {
  const secrets = new Set(
    globSync('*.secrets', { cwd: gathered }).flatMap((file) =>
      readFileSync(path.join(gathered, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as string),
    ),
  )
  return globSync('*.log', { cwd: gathered }).flatMap((file) =>
    leaksIn(readFileSync(path.join(gathered, file), 'utf8'), secrets).map((line) => `${file}: ${line}`),
  )
}
