import { auth } from './zh/auth.ts'
import { platform } from './zh/platform.ts'
import { ui } from './zh/ui.ts'

/** What is shown before anyone has signed in: a part of the catalogue of its own, so that it comes at once. */
export const texts = { platform, auth, ui }
