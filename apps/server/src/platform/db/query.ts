import type { Compilable, Kysely } from 'kysely'
import type { Bound } from './bind.ts'
import { bind } from './bind.ts'
import { builder } from './kysely.ts'
import type { Dialect } from './types.ts'

/** `p.x` stands for the parameter x wherever Kysely takes a value; it is none itself (no arrays, no tests on it). */
export type Parameters<P> = { readonly [K in keyof P]-?: P[K] }

/** SQL text that is prepared once on each connection. */
export interface Statement {
  readonly sql: string
  /** Names it on the connection; null for one that is not to be kept there. */
  readonly key: string | null
}

interface Compiled extends Statement {
  readonly values: readonly (Marker | { constant: Bound })[]
}

/** A query with its parameters' and rows' types, compiled once per dialect at first use. */
export interface Query<P, R> {
  readonly compiled: (dialect: Dialect) => Statement & { bind(params: P): Bound[] }
  /** Types only. */
  readonly row?: (row: R) => R
}

class Marker {
  readonly parameter: string
  constructor(parameter: string) {
    this.parameter = parameter
  }
}

const markers = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? new Marker(name) : undefined) })

let statements = 0

function compile<T, P, R>(
  build: (k: Kysely<T>, p: Parameters<P>, dialect: Dialect) => Compilable<R>,
  dialect: Dialect,
): Compiled {
  // Each property of `markers` stands for a value of the declared type until the statement runs.
  const { sql, parameters } = build(builder<T>(dialect), markers as Parameters<P>, dialect).compile()
  const values = parameters.map((value, at) =>
    value instanceof Marker ? value : { constant: bind(value, `at ${at}`) },
  )
  return { sql, key: `q${++statements}`, values }
}

/**
 * Usage: `defineQuery<ChatTables>()<{ id: string }, Row>((k, p) => k.selectFrom('conversation').selectAll().where('id', '=', p.id))`.
 * `dialect` is there for the few fragments that the databases spell apart.
 */
export function defineQuery<T>() {
  return <P, R = never>(
    build: (k: Kysely<T>, p: Parameters<P>, dialect: Dialect) => Compilable<unknown>,
  ): Query<P, R> => {
    const made: Partial<Record<Dialect, ReturnType<Query<P, R>['compiled']>>> = {}
    return {
      compiled: (dialect) => (made[dialect] ??= bindable<P>(compile<T, P, unknown>(build, dialect))),
    }
  }
}

/**
 * A query whose text depends on more than its parameters, such as which filters are set: compiled once for each shape.
 * `shape` is all that the text depends on, in a few small values; there are never many shapes of one query.
 */
export function defineShapes<T>() {
  return <S extends object, P, R = never>(
    build: (k: Kysely<T>, p: Parameters<P>, shape: S, dialect: Dialect) => Compilable<unknown>,
  ): ((shape: S) => Query<P, R>) => {
    const known = new Map<string, Query<P, R>>()
    return (shape) => {
      const key = Object.values(shape).join(' ')
      let query = known.get(key)
      if (!query) {
        query = defineQuery<T>()<P, R>((k, p, dialect) => build(k, p, shape, dialect))
        known.set(key, query)
      }
      return query
    }
  }
}

function bindable<P>({ sql, key, values }: Compiled) {
  return {
    sql,
    key,
    bind(params: P): Bound[] {
      const given = params as Record<string, unknown>
      const bound = new Array<Bound>(values.length)
      for (let at = 0; at < values.length; at++) {
        const value = values[at] as (typeof values)[number]
        bound[at] = value instanceof Marker ? bind(given[value.parameter], value.parameter) : value.constant
      }
      return bound
    },
  }
}

const keptTexts = new Map<string, string>()
const keptAtMost = 400

/** Compiles at once; the first texts met are kept prepared, later ones are not, so that no connection fills up. */
export function compileNow<T>(
  dialect: Dialect,
  build: (k: Kysely<T>) => Compilable<unknown>,
): { statement: Statement; values: Bound[] } {
  const { sql, parameters } = build(builder<T>(dialect)).compile()
  const values = parameters.map((value, at) => bind(value, `at ${at}`))
  let key = keptTexts.get(sql) ?? null
  if (key === null && keptTexts.size < keptAtMost) keptTexts.set(sql, (key = `d${keptTexts.size}`))
  return { statement: { sql, key }, values }
}
