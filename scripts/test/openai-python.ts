import { openAiPythonVersion as version } from '../../tests/support/openai-python.ts'
import type { Prepared } from './engine.ts'
import { preparePackage } from './python-package.ts'

/** OpenAI's Python client in an environment of its own. */
export const prepareOpenAi = (): Promise<Prepared> =>
  preparePackage({ name: 'openai', version, title: 'OpenAI’s Python client' })
