import { AppError } from '../errors.ts'
import type { Dialect } from './types.ts'

/** A row with the same unique value is there already. `constraint` is the driver's word for which. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly constraint: string

  constructor(constraint: string, cause: unknown) {
    super(`unique constraint violated: ${constraint}`, { cause })
    this.constraint = constraint
  }
}

interface DriverError {
  code?: unknown
  errno?: unknown
  message?: unknown
  constraint?: unknown
}

function parts(error: unknown): { code: string; message: string; constraint: string } {
  const { code, message, constraint } = (error ?? {}) as DriverError
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    constraint: typeof constraint === 'string' ? constraint : '',
  }
}

const uniqueCodes = new Set([
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'ER_DUP_ENTRY',
  '23505',
])
const fullCodes = new Set(['SQLITE_FULL', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL', '53100'])
const againCodes = new Set([
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  '40001',
  '40P01',
  '55P03',
  'ER_CHECKREAD',
])
const awayCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  '53300',
  'ER_CON_COUNT_ERROR',
])
const thereCodes = new Set(['ER_TABLE_EXISTS_ERROR', 'ER_DUP_KEYNAME', 'ER_DUP_FIELDNAME', '42P07', '42701'])

/** SQLite's file is locked by someone else; the statement may be tried again. */
export function isBusy(error: unknown): boolean {
  const { code } = parts(error)
  return code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED'
}

/** The database ended the transaction for another's sake: the whole of it may be run again. */
export function isDeadlock(error: unknown): boolean {
  return againCodes.has(parts(error).code)
}

const lostCodes = new Set(['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', '57P01', '57P02'])

/** The connection was gone by the time it was used: a read may be tried on another. */
export function isLost(error: unknown): boolean {
  return lostCodes.has(parts(error).code)
}

/** What a repeated DDL statement meets: the thing is there already. */
export function isAlreadyThere(error: unknown): boolean {
  const { code, message } = parts(error)
  return (
    thereCodes.has(code) || (code === 'SQLITE_ERROR' && /duplicate column name|already exists/.test(message))
  )
}

function constraintOf(dialect: Dialect, message: string, constraint: string): string {
  if (dialect === 'postgres') return constraint
  const found = dialect === 'sqlite' ? /failed: (.+)$/.exec(message) : /for key '([^']+)'/.exec(message)
  return found?.[1] ?? ''
}

/** The product's own error for a driver's: UniqueViolation, AppError, or the driver's own. */
export function translate(dialect: Dialect, error: unknown): unknown {
  const { code, message, constraint } = parts(error)
  if (uniqueCodes.has(code)) return new UniqueViolation(constraintOf(dialect, message, constraint), error)
  if (fullCodes.has(code)) return new AppError('platform.no-space', {}, { cause: error })
  if (isBusy(error) || awayCodes.has(code)) return new AppError('platform.busy', {}, { cause: error })
  return error
}
