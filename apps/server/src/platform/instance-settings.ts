import { scalars } from '@anneal/contract'
import { z } from 'zod'
import { defineSetting } from './settings/index.ts'

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** What people call this instance: shown beside the product's name. */
export const instanceName = defineSetting({
  key: 'instance.name',
  schema: z.string().trim().max(60),
  default: '',
})

/** IANA zone of days and budgets. */
export const instanceZone = defineSetting({
  key: 'instance.zone',
  schema: z.string().max(60).refine(isZone),
  default: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

/** The model of a new chat where the person has chosen none yet. */
export const defaultModel = defineSetting({
  key: 'defaults.model',
  schema: scalars.id.nullable(),
  default: null,
})

/** The prompt of a new chat. */
export const defaultPrompt = defineSetting({
  key: 'defaults.prompt',
  schema: scalars.id.nullable(),
  default: null,
})

export const instanceSettings = [instanceName, instanceZone, defaultModel, defaultPrompt]
