import { scalars } from '@anneal/contract'
import { z } from 'zod'
import { defineSetting } from '../settings/index.ts'

/** Whom mail comes from; empty: as `ANNEAL_SMTP_URL` says. */
export const mailFrom = defineSetting({
  key: 'mail.from',
  schema: z.union([z.literal(''), scalars.email]),
  default: '',
})
