import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, Platform } from '../context.ts'
import { UniqueViolation } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { WriteTx } from '../write.ts'
import { write } from '../write.ts'
import { checkValueOf } from './check-value.ts'
import { changeFactName, checkFact, joinKeyChange, readKeyChange } from './key-change.ts'
import type { KeyChange } from './key-change.ts'
import { keepNextKey, takeNextKey } from './master-key.ts'
import { rewriteSecrets } from './rewrite-secrets.ts'
import type { Rewritten } from './rewrite-secrets.ts'
import { addFact, changeFact, dropFact, factNamed, liveNodes, putFact } from './rotation.repo.ts'
import type { SecretColumn } from './secret-columns.ts'
import { createSecrets, keyId } from './secrets.ts'
import type { KeyRing } from './secrets.ts'

/** A node that has been silent longer (it beats every 10 s) is not waited for. */
const silentMs = 25_000
const answerWithinMs = 60_000
const lookEveryMs = 100
/** A write that began before its server turned to the new key has ended by then. */
const settleMs = 2000

/** What a server has heard of a change, for the one that waits for it. */
const heardName = (nodeId: string) => `master-key-heard-${nodeId}`
const heardValue = (change: KeyChange) => `${change.check.slice(0, 16)} ${change.phase}`

function told(tx: WriteTx): void {
  tx.emit({
    kind: 'master-key',
    id: 'master-key',
    change: 'updated',
    ownerId: null,
    visibility: 'permission',
    permission: 'settings.manage',
  })
}

/** This server's part in a change of the master key, whichever server of the database leads it. */
export class KeyRotation {
  private readonly platform: Platform
  private readonly ring: KeyRing
  private readonly columns: readonly SecretColumn[]
  private joined: KeyChange | null = null
  private following: Promise<void> = Promise.resolve()

  constructor(platform: Platform, ring: KeyRing, columns: readonly SecretColumn[]) {
    this.platform = platform
    this.ring = ring
    this.columns = columns
  }

  /** From now on this server takes part in changes. */
  async start(): Promise<void> {
    this.platform.events.onChange('master-key', () => {
      this.follow().catch((error: unknown) =>
        this.platform.log.error('a change of the master key could not be followed', { error }),
      )
    })
    await this.follow()
  }

  /** Takes in what the database says of a change now, one look after the other. */
  follow(): Promise<void> {
    this.following = this.following.catch(() => undefined).then(() => this.look())
    return this.following
  }

  private async look(): Promise<void> {
    const { db, config, nodes, log } = this.platform
    const change = await readKeyChange(db.read)
    if (change) {
      if (this.joined && heardValue(this.joined) === heardValue(change)) return
      keepNextKey(config, joinKeyChange(this.ring, change))
      this.joined = change
      const fact = { name: heardName(nodes.self.id), value: heardValue(change) }
      await db.transaction((tx) => tx.run(putFact, fact))
    } else if (this.joined) {
      const check = await db.read.first(factNamed, { name: checkFact })
      if (check?.value !== this.joined.check) return
      this.joined = null
      takeNextKey(config)
      if (config.masterKey)
        log.warn('the master key has changed: put the new one into ANNEAL_MASTER_KEY before the next start')
    }
  }

  /**
   * Encrypts all secrets under a new key and gives lines to print. A change that was broken off is gone on with, under
   * the key that it began with.
   * @throws AppError `platform.master-key-by-environment`, `platform.master-key-changing`, `platform.node-unreachable`.
   */
  async rotate(ctx: Context, given: Buffer | null): Promise<string[]> {
    const begun = (await readKeyChange(this.platform.db.read)) ?? (await this.begin(ctx, given))
    if (given && checkValueOf(given) !== begun.check) throw new AppError('platform.master-key-changing')
    joinKeyChange(this.ring, begun)
    const oldId = keyId(Buffer.from(this.ring.decrypt(begun.previous), 'base64'))
    await this.heardByAll(begun)
    const writing: KeyChange = { ...begun, phase: 'writing' }
    if (begun.phase === 'announced') await this.turn(ctx, begun, writing)
    await this.heardByAll(writing)
    const first = await this.rewrite(oldId)
    if (this.platform.db.dialect !== 'sqlite') await sleep(settleMs)
    const late = await this.rewrite(oldId)
    const done = { rewritten: first.rewritten + late.rewritten, unreadable: late.unreadable }
    await this.end(ctx, writing, done)
    return this.lines(done)
  }

  private rewrite(oldId: string): Promise<Rewritten> {
    return rewriteSecrets(this.platform.db, this.ring, this.columns, oldId)
  }

  private async begin(ctx: Context, given: Buffer | null): Promise<KeyChange> {
    const { config, db } = this.platform
    if (config.masterKey && !given) throw new AppError('platform.master-key-by-environment')
    const next = given ?? randomBytes(32)
    if (this.ring.current === keyId(next)) throw new AppError('platform.master-key-same')
    const change: KeyChange = {
      phase: 'announced',
      next: this.ring.encrypt(next.toString('base64')),
      previous: createSecrets(next).encrypt(this.ring.keyOf(this.ring.current).toString('base64')),
      check: checkValueOf(next),
    }
    try {
      await write(ctx, async (tx) => {
        await tx.run(addFact, { name: changeFactName, value: JSON.stringify(change) })
        tx.audit('master-key.change-begun', null)
        told(tx)
      })
      return change
    } catch (error) {
      // Another began at this moment: its change is gone on with.
      const other = error instanceof UniqueViolation ? await readKeyChange(db.read) : null
      if (other) return other
      throw error
    }
  }

  private async turn(ctx: Context, from: KeyChange, to: KeyChange): Promise<void> {
    const fact = { name: changeFactName, value: JSON.stringify(to), was: JSON.stringify(from) }
    await write(
      ctx,
      async (tx) => {
        await tx.run(changeFact, fact)
        told(tx)
      },
      { unaudited: 'a step of the change, whose begin and end are audited' },
    )
  }

  /** Waits until every server that lives has heard of it. */
  private async heardByAll(change: KeyChange): Promise<void> {
    await this.follow()
    const { db } = this.platform
    if (db.dialect === 'sqlite') return
    const deadline = Date.now() + answerWithinMs
    for (;;) {
      const deaf: string[] = []
      for (const { id } of await db.read.all(liveNodes, { ms: silentMs })) {
        const heard = await db.read.first(factNamed, { name: heardName(id) })
        if (heard?.value !== heardValue(change)) deaf.push(id)
      }
      if (deaf.length === 0) return
      if (Date.now() > deadline) throw new AppError('platform.node-unreachable')
      await sleep(lookEveryMs)
    }
  }

  private async end(ctx: Context, change: KeyChange, done: Rewritten): Promise<void> {
    await write(ctx, async (tx) => {
      await tx.run(putFact, { name: checkFact, value: change.check })
      await tx.run(dropFact, { name: changeFactName })
      tx.audit('master-key.changed', null, { ...done })
      told(tx)
    })
    await this.follow()
  }

  private lines({ rewritten, unreadable }: Rewritten): string[] {
    const { config, db } = this.platform
    const place = config.masterKey
      ? "This server's key comes from ANNEAL_MASTER_KEY: put the new one there before the next start."
      : "The new key is in this server's data folder, in master.key."
    return [
      `${rewritten} secrets are encrypted under the new master key; the old one opens none of them.`,
      ...(unreadable > 0
        ? [`${unreadable} could not be read with the old key either, and are as they were.`]
        : []),
      place,
      ...(db.dialect === 'sqlite'
        ? []
        : [
            'Other servers of this database that run have taken it into their data folders. Those that stand still, and those with ANNEAL_MASTER_KEY, need the new key before their next start.',
          ]),
      'Backups made before need the old key: keep it with them.',
    ]
  }
}

const rotations = new WeakMap<Platform, KeyRotation>()

/** Lets this platform's server take part in changes of the master key. */
export async function startKeyRotation(
  platform: Platform,
  ring: KeyRing,
  columns: readonly SecretColumn[],
): Promise<void> {
  const rotation = new KeyRotation(platform, ring, columns)
  rotations.set(platform, rotation)
  await rotation.start()
}

/** Changes the master key; gives lines to print. Without a key given, one is made. */
export async function rotateMasterKey(ctx: Context, given: Buffer | null): Promise<string[]> {
  const rotation = rotations.get(ctx.platform)
  if (!rotation) throw new AppError('platform.internal')
  return rotation.rotate(ctx, given)
}
