import { z } from 'zod'
import { defineSetting } from '../../platform/settings/index.ts'

/** Seconds from the question to the first piece of an answer; a model on a CPU may think long before it speaks. */
export const firstTokenTimeout = defineSetting({
  key: 'generations.firstTokenTimeout',
  schema: z.number().min(0.1).max(3600),
  default: 180,
})

/** Seconds between two pieces of an answer. */
export const idleTimeout = defineSetting({
  key: 'generations.idleTimeout',
  schema: z.number().min(0.1).max(3600),
  default: 60,
})

export const generationsSettings = [firstTokenTimeout, idleTimeout]
