import { chosenLanguage, language, loadLanguage, useTexts } from '../composables/texts.ts'
import type { Language } from '../composables/texts.ts'
import { call } from './api.ts'
import { useSession } from './session.ts'

/** Shows the page in the account's language, unless this browser has one of its own. */
export async function followAccountLanguage(): Promise<void> {
  const kept = useSession().user?.language
  if (kept && kept !== language.value && chosenLanguage() === null) await loadLanguage(kept)
}

/** Chooses a language for this browser and keeps it with the account, for what is written to its owner elsewhere. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  await useTexts().setLanguage(chosen)
  const session = useSession()
  if (!session.user || session.user.language === chosen) return
  // A server that is away now does not hold up the page; the choice stays in this browser.
  const user = await call('auth.updateMe', { body: { language: chosen } }).catch(() => null)
  if (user) session.user = user
}
