import { AppError } from '../../platform/errors.ts'

/**
 * What is stale is found out within the transaction; what is there now is read after it, with all that the reply shows.
 * @throws AppError `platform.stale-version` with that as `current`.
 */
export async function withCurrent<T>(work: () => Promise<T>, current: () => Promise<unknown>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'platform.stale-version') throw error
    throw new AppError('platform.stale-version', {}, { cause: error, current: await current() })
  }
}
