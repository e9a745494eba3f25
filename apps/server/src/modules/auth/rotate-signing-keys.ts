import type { Context, Platform } from '../../platform/context.ts'
import { systemContext } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { deleteSigningKeysBefore, insertSigningKey, newestSigningKey } from './sessions.repo.ts'
import { accessTokenSeconds, forgetSigningKeys, lookAtSigningKeys, newSigningKey } from './signing-keys.ts'

const minute = 60_000
/** How long a key signs. */
const keyLasts = 30 * 24 * 60 * minute
/** How often each server looks at the keys, so that one of another server's is known in time. */
const lookEvery = minute

/**
 * Makes the key that signs from now on. Earlier ones still verify until their last token has ended, unless they are no
 * longer to be trusted: then every page trades its cookie for a new token at once.
 */
export async function rotateSigningKeys(ctx: Context, { distrust }: { distrust: boolean }): Promise<void> {
  const { platform } = ctx
  const made = newSigningKey(platform)
  await write(ctx, async (tx) => {
    const newest = await tx.first(newestSigningKey, {})
    // After its predecessor whatever the clocks of two servers say.
    const createdAt = Math.max(made.created_at, Number(newest?.created_at ?? 0) + 1)
    await tx.run(insertSigningKey, { ...made, created_at: createdAt })
    if (distrust) await tx.run(deleteSigningKeysBefore, { before: createdAt })
    tx.audit('signing-key.rotated', { kind: 'signing-key', id: made.kid }, { distrust })
  })
  forgetSigningKeys(platform)
}

/** Rotates a key that has signed long enough, and deletes those whose tokens have all ended. */
export async function tendSigningKeys(platform: Platform): Promise<void> {
  const now = platform.clock.now()
  const newest = await platform.db.read.first(newestSigningKey, {})
  if (!newest) return
  const age = now - Number(newest.created_at)
  if (age > keyLasts) {
    await rotateSigningKeys(systemContext(platform, 'signing-keys'), { distrust: false })
  } else if (age > 2 * accessTokenSeconds * 1000) {
    await platform.db.transaction((tx) => tx.run(deleteSigningKeysBefore, { before: newest.created_at }))
  }
  await lookAtSigningKeys(platform)
}

/** Looks every minute; returns a function that ends it. Two servers that rotate at once do no harm. */
export function keepSigningKeys(platform: Platform): () => Promise<void> {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = tendSigningKeys(platform).catch((error: unknown) =>
      platform.log.warn('the signing keys could not be looked at', { error }),
    )
  }, lookEvery)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
