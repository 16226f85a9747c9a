import type { StoredToken, TokenStore } from '@siyu/wecom'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'

const place = (corpId: string, key: string) => `wecom_token.${corpId}.${key}`

/**
 * Tokens shared by every process: the row is locked while one of them asks WeCom, the others wait for its answer. So
 * each invalidation costs one call, however many noticed it (WO-01). Times are the database's: processes may disagree.
 */
export function createTokenStore(db: Db, vault: Vault, corpId: string): TokenStore {
  const open = (
    key: string,
    row: { sealed: Buffer | null; leftMs: number | null } | undefined,
  ): StoredToken | undefined =>
    row?.sealed && row.leftMs !== null && row.leftMs > 0
      ? { token: vault.open(row.sealed, place(corpId, key)).toString('utf8'), expiresAt: Date.now() + row.leftMs }
      : undefined
  const left = sql<number | null>`extract(epoch from expires_at - clock_timestamp())::float8 * 1000`.as('leftMs')

  return {
    async read(key) {
      return open(
        key,
        await db
          .selectFrom('wecomToken')
          .select(['sealed', left])
          .where('corpId', '=', corpId)
          .where('tokenKey', '=', key)
          .executeTakeFirst(),
      )
    },
    refresh: (key, rejected, fetchToken) =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('wecomToken')
          .values({ corpId, tokenKey: key })
          .onConflict((c) => c.doNothing())
          .execute()
        const current = open(
          key,
          await tx
            .selectFrom('wecomToken')
            .select(['sealed', left])
            .where('corpId', '=', corpId)
            .where('tokenKey', '=', key)
            .forUpdate()
            .executeTakeFirst(),
        )
        if (current && current.token !== rejected) return current
        const fresh = await fetchToken()
        await tx
          .updateTable('wecomToken')
          .set({
            sealed: vault.seal(fresh.token, place(corpId, key)),
            expiresAt: sql`clock_timestamp() + ${fresh.expiresAt - Date.now()} * interval '1 ms'`,
          })
          .where('corpId', '=', corpId)
          .where('tokenKey', '=', key)
          .execute()
        return fresh
      }),
  }
}
