import type { Language } from '@anneal/contract'
import type { z } from 'zod'
import type { AppError, FieldProblem } from '../errors.ts'
import { errorText, text } from './catalogue.ts'

type Problem = Omit<FieldProblem, 'pointer'>

function sizeProblem(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): Problem {
  const small = issue.code === 'too_small'
  const limit = Number(small ? issue.minimum : issue.maximum)
  if (issue.origin === 'string') {
    // An empty field is a missing one to whoever fills in a form.
    if (small && limit === 1) return { code: 'required' }
    return { code: small ? 'too-short' : 'too-long', params: { n: limit } }
  }
  if (issue.origin === 'array' || issue.origin === 'set') {
    return { code: small ? 'too-few' : 'too-many', params: { n: limit } }
  }
  return { code: small ? 'too-small' : 'too-large', params: { limit } }
}

const typeNames: Record<string, string> = { int: 'integer', record: 'object', nan: 'number' }

/** Puts a zod issue into a code of the catalogue (`platform.fields`). */
export function fieldProblem(issue: z.core.$ZodIssue): Problem {
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.input === undefined) return { code: 'required' }
      const type = typeNames[issue.expected] ?? issue.expected
      return { code: 'wrong-type', params: { type } }
    }
    case 'too_small':
    case 'too_big':
      return sizeProblem(issue)
    case 'invalid_value':
      if (issue.input === undefined) return { code: 'required' }
      return { code: 'not-one-of', params: { choices: issue.values.map(String).join(', ') } }
    case 'invalid_format':
    case 'not_multiple_of':
      return { code: 'wrong-format' }
    default:
      return { code: 'invalid' }
  }
}

/** An error's fields, each with what is wrong with it in words. */
export function fieldErrors(error: AppError, language: Language) {
  return error.fields?.map(({ pointer, code, params = {} }) => {
    const type = params.type
    const named =
      typeof type === 'string'
        ? { ...params, type: text(language, `platform.types.${type}`) ?? type }
        : params
    // A module's own code is an error's; it is told by the field that it is about.
    const detail = code.includes('.')
      ? errorText(language, code, params).detail
      : (text(language, `platform.fields.${code}`, named) ?? code)
    return { pointer, code, params, detail }
  })
}
