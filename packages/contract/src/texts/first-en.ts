import { auth } from './en/auth.ts'
import { platform } from './en/platform.ts'
import { ui } from './en/ui.ts'

/** What is shown before anyone has signed in: a part of the catalogue of its own, so that it comes at once. */
export const texts = { platform, auth, ui }
