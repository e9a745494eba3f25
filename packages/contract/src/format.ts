export type Language = 'en' | 'zh'
export type TextParams = Readonly<Record<string, string | number>>

const plurals = new Map<string, Intl.PluralRules>()

function pluralForm(template: string, count: number, language: Language): string {
  const forms = template.split(' | ')
  if (forms.length === 1) return template
  let rules = plurals.get(language)
  if (!rules) plurals.set(language, (rules = new Intl.PluralRules(language)))
  const index = rules.select(count) === 'one' ? 0 : forms.length - 1
  return forms[index] ?? template
}

/**
 * Puts parameters into a text of the catalogue: `{name}` is replaced, ` | ` parts singular from plural by `n`.
 * Used by server and page alike, so that one text never reads in two ways.
 */
export function formatText(template: string, params: TextParams = {}, language: Language = 'en'): string {
  const count = params['n']
  const form = typeof count === 'number' ? pluralForm(template, count, language) : template
  return form.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = params[key]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-US') : value
  })
}
