import { expect, test } from 'vitest'
import { aCorp, freshDb, testVault } from '../../../test/world.ts'
import { createTokenStore } from './token-store.ts'

test('WO-01: 150 callers in three processes that all met the same dead token cost one call to WeCom', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const processes = [0, 1, 2].map(() => createTokenStore(db.api, testVault, corpId))
  let calls = 0
  const fetchToken = async () => {
    calls++
    await new Promise((done) => setTimeout(done, 50))
    return { token: `token-${calls}`, expiresAt: Date.now() + 7_200_000 }
  }
  const first = await processes[0]!.refresh('app', undefined, fetchToken)
  const all = await Promise.all(
    Array.from({ length: 150 }, (_, i) => processes[i % 3]!.refresh('app', first.token, fetchToken)),
  )
  expect(calls).toBe(2)
  expect(new Set(all.map((t) => t.token))).toEqual(new Set(['token-2']))
})

test('a token is read by every process, is gone when it has expired, and does not lie in the clear', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const store = createTokenStore(db.api, testVault, ours)
  await store.refresh('app', undefined, async () => ({ token: 'CANARY-TOKEN', expiresAt: Date.now() + 60_000 }))
  expect((await createTokenStore(db.api, testVault, ours).read('app'))?.token).toBe('CANARY-TOKEN')
  expect(await createTokenStore(db.api, testVault, theirs).read('app')).toBeUndefined()
  const row = await db.owner.selectFrom('wecomToken').select('sealed').executeTakeFirstOrThrow()
  expect(row.sealed?.includes('CANARY-TOKEN')).toBe(false)
  await store.refresh('short', undefined, async () => ({ token: 'x', expiresAt: Date.now() - 1 }))
  expect(await store.read('short')).toBeUndefined()
})

test('a refresh that fails leaves the row free for the next one', async () => {
  await using db = await freshDb()
  const store = createTokenStore(db.api, testVault, await aCorp(db))
  await expect(store.refresh('app', undefined, () => Promise.reject(new Error('no answer')))).rejects.toThrow(
    'no answer',
  )
  expect(
    (await store.refresh('app', undefined, async () => ({ token: 'after', expiresAt: Date.now() + 1_000 }))).token,
  ).toBe('after')
})
