import { existsSync } from 'node:fs'
import path from 'node:path'

/** The version of OpenAI's Python client that the tests call the gateway with. */
export const openAiPythonVersion = '3.57.0'

/** The Python environment that holds it; undefined where the test run has none. */
export function preparedOpenAi(): string | undefined {
  const folder = process.env.ANNEAL_TEST_OPENAI ?? path.resolve(import.meta.dirname, '../../.cache/openai')
  const environment = path.join(folder, openAiPythonVersion)
  return existsSync(path.join(environment, '.ready')) ? environment : undefined
}
