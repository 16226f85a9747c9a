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

/** A process killed before its nth commit from now: what was committed before it stays, and nothing after it is tried. */
export function killingAt(db: Db, nth: number): Db {
  let commits = 0
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'transaction') return Reflect.get(target, name)
      return () => ({
        execute: async (work: (tx: Tx) => Promise<unknown>) => {
          if (commits >= nth) throw new Killed()
          return target.transaction().execute(async (tx) => {
            const done = await work(tx)
            if (++commits >= nth) throw new Killed()
            return done
          })
        },
      })
    },
  })
}
