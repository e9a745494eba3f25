import { variables } from './variables.ts'

/** `docs/configuration.md`. */
export function configurationDoc(): string {
  const rows = Object.values(variables).map((variable) => {
    return `| \`${variable.name}\` | ${variable.default} | ${variable.doc} |`
  })
  return [
    '# Configuration',
    '',
    'Written by `npm run generate` from the table of variables in `apps/server/src/platform/config`.',
    '',
    "The server reads these from its environment and from a file `.env` in the product's folder; what is set in the",
    'environment wins. An unknown `ANNEAL_*` name or a bad value stops the start with one line that says so. Names',
    'that begin with `ANNEAL_TEST_` belong to the tests. `PIP_*` and the configuration of pip are honoured when the',
    'training engine is prepared.',
    '',
    '| name | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
