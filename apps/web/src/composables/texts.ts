import { formatText } from '@anneal/contract/format'
import type { Language, TextParams } from '@anneal/contract/format'
import { computed, ref, shallowRef } from 'vue'
import { createFigures } from './figures.ts'

export type { Language }
interface Catalogue {
  readonly [key: string]: string | Catalogue
}

const storageKey = 'anneal.language'
const catalogue = shallowRef<Catalogue>({})
export const language = ref<Language>('en')

/** The language that was chosen in this browser; null where none was. */
export function chosenLanguage(): Language | null {
  try {
    const stored = localStorage.getItem(storageKey)
    return stored === 'en' || stored === 'zh' ? stored : null
  } catch {
    return null
  }
}

function preferred(): Language {
  return chosenLanguage() ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en')
}

/** `first`: what is shown before anyone has signed in; the rest comes with the pages behind it. */
let extent: 'first' | 'whole' = 'first'
const parts = {
  en: {
    first: () => import('@anneal/contract/texts/first-en'),
    whole: () => import('@anneal/contract/texts/en'),
  },
  zh: {
    first: () => import('@anneal/contract/texts/first-zh'),
    whole: () => import('@anneal/contract/texts/zh'),
  },
}

async function fetchCatalogue(chosen: Language): Promise<Catalogue> {
  const { texts } = await parts[chosen][extent]()
  return texts
}

function template(key: string): string | undefined {
  let node: string | Catalogue | undefined = catalogue.value
  for (const part of key.split('.')) node = typeof node === 'object' ? node[part] : undefined
  return typeof node === 'string' ? node : undefined
}

/** Loads a language's catalogue and shows the page in it; without an argument the stored or the browser's one. */
export async function loadLanguage(chosen: Language = preferred()): Promise<void> {
  catalogue.value = await fetchCatalogue(chosen)
  language.value = chosen
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
}

/** Before a page of someone signed in is shown: all texts, not only those of the sign-in. */
export async function loadAllTexts(): Promise<void> {
  if (extent === 'whole') return
  const { texts } = await parts[language.value].whole()
  extent = 'whole'
  catalogue.value = texts
}

async function setLanguage(chosen: Language): Promise<void> {
  await loadLanguage(chosen)
  try {
    localStorage.setItem(storageKey, chosen)
  } catch {
    // Then it holds for this page alone.
  }
}

/** A text of the catalogue in the language shown; reactive where it is read in a template or a computed. */
export function translate(key: string, params?: TextParams): string {
  const found = template(key)
  return found === undefined ? key : formatText(found, params, language.value)
}

/** True when the catalogue has this key, as for codes that an older page does not know. */
function hasText(key: string): boolean {
  return template(key) !== undefined
}

const figures = computed(() => createFigures(language.value, translate))

/** Texts and figures in the language shown: `const { t, formatBytes } = useTexts()`. */
export function useTexts() {
  return {
    t: translate,
    hasText,
    language,
    setLanguage,
    formatNumber: (value: number, digits?: number) => figures.value.number(value, digits),
    formatCompact: (value: number) => figures.value.compact(value),
    formatPercent: (share: number, digits?: number) => figures.value.percent(share, digits),
    formatBytes: (bytes: number) => figures.value.bytes(bytes),
    formatDuration: (seconds: number, options?: { milliseconds?: boolean }) =>
      figures.value.duration(seconds, options),
    formatClock: (seconds: number) => figures.value.clock(seconds),
    formatRate: (tokensPerSecond: number) => figures.value.rate(tokensPerSecond),
    formatMoney: (micro: number, currency?: string) => figures.value.money(micro, currency),
    formatPrice: (micro: number, currency: string) => figures.value.price(micro, currency),
    formatLoss: (value: number, digits?: number) => figures.value.loss(value, digits),
    formatScientific: (value: number) => figures.value.scientific(value),
    formatTime: (at: Moment, seconds?: boolean) => figures.value.time(at, seconds),
    formatDate: (at: Moment) => figures.value.date(at),
    formatDateTime: (at: Moment) => figures.value.dateTime(at),
    formatDay: (at: Moment) => figures.value.day(at),
    formatRelative: (at: Moment, options?: { ago?: boolean; now?: number }) =>
      figures.value.relative(at, options),
  }
}

/** RFC 3339, Unix milliseconds or a Date. */
export type Moment = string | number | Date
