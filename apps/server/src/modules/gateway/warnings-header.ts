interface Warning {
  code: string
  params: Record<string, string | number>
}

const plain = (text: unknown): string =>
  String(text)
    .replace(/[^\x20-\x7e]|[;,]/g, '?')
    .slice(0, 60)

/** What the provider did not take of a request, for a header: `ignored: seed; changed: reasoningEffort=on`. */
export function warningsHeader(warnings: readonly Warning[], ignored: readonly string[]): string {
  const all = [
    ...ignored.map((name) => `ignored: ${plain(name)}`),
    ...warnings.map(({ code, params }) =>
      code === 'provider.option-changed'
        ? `changed: ${plain(params['option'])}=${plain(params['to'])}`
        : `ignored: ${plain(params['option'] ?? code)}`,
    ),
  ]
  return [...new Set(all)].join('; ').slice(0, 1000)
}
