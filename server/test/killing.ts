import type { Db, Tx } from '../src/platform/db.ts'

/** A process gone a moment before its commit. */
export class Killed extends Error {}

/** A database whose transactions never get as far as their commit. */
export const killing = (db: Db): Db =>
  new Proxy(db, {
    get(target, name) {
      if (name !== 'transaction') return Reflect.get(target, name)
      return () => ({
        execute: (work: (tx: Tx) => Promise<unknown>) =>
          target.transaction().execute(async (tx) => {
            await work(tx)
            throw new Killed()
          }),
      })
    },
  })
