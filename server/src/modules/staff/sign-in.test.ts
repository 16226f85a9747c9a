import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCorp, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { NotInCorp, SignInLocked, WrongPassword } from './errors.ts'
import { changePassword, ensureFirstAdmin, grantCorp, signInWithPassword } from './sign-in.ts'

const noon = new Date('2026-11-20T04:00:00Z')
const after = (minutes: number, seconds = 0) => new Date(noon.getTime() + minutes * 60_000 + seconds * 1000)
const RIGHT = 'a long pass phrase'

async function anAdmin(db: TestDb, login = 'admin'): Promise<string> {
  await ensureFirstAdmin(db.api, { login, password: RIGHT, now: noon })
  const { accountId } = await db.api
    .selectFrom('account')
    .select('accountId')
    .where('login', '=', login)
    .executeTakeFirstOrThrow()
  return accountId
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'in',
    (error: Error) =>
      error instanceof WrongPassword ? 'wrong' : error instanceof SignInLocked ? 'locked' : error.message,
  )
const tryIn = (db: TestDb, login: string, password: string, now = noon) =>
  outcome(signInWithPassword({ db: db.api, vault: testVault }, { login, password }, now))

test('AU-02: a login that exists and one that does not refuse, lock and unlock alike, guess for guess', async () => {
  await using db = await freshDb()
  await anAdmin(db)
  const answers = async (login: string) => {
    const said: string[] = []
    for (const minutes of [0, 0, 0, 0, 0, 0, 0.99, 1.01, 1.01, 3, 3.02, 3.02])
      said.push(await tryIn(db, login, 'a wrong pass phrase', after(0, minutes * 60)))
    return said
  }
  const known = await answers('admin')
  expect(known).toEqual([
    ...Array(5).fill('wrong'), // five are free
    'locked',
    'locked',
    'wrong', // a minute later one more, then two minutes
    'locked',
    'locked',
    'wrong',
    'locked',
  ])
  expect(await answers('nobody')).toEqual(known)
})

test('AU-02: the refusal of an unknown login takes as long as that of a wrong password', async () => {
  await using db = await freshDb()
  await anAdmin(db)
  const spent = async (login: (i: number) => string) => {
    const times: number[] = []
    for (let i = 0; i < 12; i++) {
      const started = performance.now()
      await tryIn(db, login(i), 'a wrong pass phrase', after(i * 120))
      times.push(performance.now() - started)
    }
    return times.sort((a, b) => a - b)[5]!
  }
  await spent((i) => `warm ${i}`)
  const [known, unknown] = [await spent(() => 'admin'), await spent((i) => `nobody ${i}`)]
  expect(known).toBeGreaterThan(3) // the hash is really worked out
  expect(unknown).toBeGreaterThan(known / 2)
  expect(unknown).toBeLessThan(known * 2)
})

test('AU-02: of a hundred guesses sent at once only five are judged', async () => {
  await using db = await freshDb()
  await anAdmin(db)
  const said = await Promise.all(Array.from({ length: 100 }, (_, i) => tryIn(db, 'admin', `guess ${i}`)))
  expect(said.filter((s) => s === 'wrong')).toHaveLength(5)
  expect(said.filter((s) => s === 'locked')).toHaveLength(95)
})

test('while locked the right password is refused too; after it, it signs in and the count starts anew', async () => {
  await using db = await freshDb()
  await grantCorp(db.api, { accountId: await anAdmin(db), corpId: await aCorp(db), role: 'admin' })
  for (let i = 0; i < 5; i++) await tryIn(db, 'admin', 'wrong')
  expect(await tryIn(db, 'admin', RIGHT, after(0, 59))).toBe('locked')
  expect(await tryIn(db, 'admin', RIGHT, after(1, 1))).toBe('in')
  for (let i = 0; i < 4; i++) expect(await tryIn(db, 'admin', 'wrong', after(2))).toBe('wrong')
  expect(await tryIn(db, 'admin', RIGHT, after(2))).toBe('in')
})

test('waits grow to an hour and no further; a day without tries forgives', async () => {
  await using db = await freshDb()
  await anAdmin(db)
  for (let i = 0; i < 14; i++) await tryIn(db, 'admin', 'wrong', after(i * 61))
  const last = 13 * 61
  expect(await tryIn(db, 'admin', 'wrong', after(last + 59))).toBe('locked')
  expect(await tryIn(db, 'admin', 'wrong', after(last + 61))).toBe('wrong')
  const nextDay = last + 61 + 24 * 60 + 1
  for (let i = 0; i < 5; i++) expect(await tryIn(db, 'admin', 'wrong', after(nextDay))).toBe('wrong')
})

test('the first administrator is made once; a made-up password is told once and works', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const given = { login: 'admin', password: undefined, now: noon }
  const passwords = await Promise.all([ensureFirstAdmin(db.api, given), ensureFirstAdmin(db.api, given)])
  const told = passwords.filter((p) => p !== undefined)
  expect(told).toHaveLength(1)
  expect(await ensureFirstAdmin(db.api, { ...given, login: 'another' })).toBeUndefined()
  const { accountId, passwordHash } = await db.api
    .selectFrom('account')
    .select(['accountId', 'passwordHash'])
    .executeTakeFirstOrThrow()
  expect(passwordHash).toMatch(/^\$argon2id\$/)
  await grantCorp(db.api, { accountId, corpId, role: 'admin' })
  expect(
    await signInWithPassword({ db: db.api, vault: testVault }, { login: 'admin', password: told[0]! }, noon),
  ).toEqual({ accountId, corpId })
})

test('with no corp connected the administrator comes in to connect one; with corps, an account in none stays out', async () => {
  await using db = await freshDb()
  const accountId = await anAdmin(db)
  const given = { login: 'admin', password: RIGHT }
  expect(await signInWithPassword({ db: db.api, vault: testVault }, given, noon)).toEqual({ accountId, corpId: null })
  await aCorp(db)
  await expect(signInWithPassword({ db: db.api, vault: testVault }, given, noon)).rejects.toBeInstanceOf(NotInCorp)
})

test('a password is changed only by who knows it, guesses there count too', async () => {
  await using db = await freshDb()
  const accountId = await anAdmin(db)
  await grantCorp(db.api, { accountId, corpId: await aCorp(db), role: 'admin' })
  const change = (current: string, next: string) => outcome(changePassword(db.api, accountId, { current, next }, noon))
  expect(await change('not it', 'another phrase')).toBe('wrong')
  expect(await change(RIGHT, 'another phrase')).toBe('in')
  expect(await tryIn(db, 'admin', RIGHT)).toBe('wrong')
  expect(await tryIn(db, 'admin', 'another phrase')).toBe('in')
  for (let i = 0; i < 5; i++) expect(await change('not it', 'x'.repeat(10))).toBe('wrong')
  expect(await change('another phrase', 'x'.repeat(10))).toBe('locked')
})

test('a role once given is not lowered by being let in again', async () => {
  await using db = await freshDb()
  const [accountId, corpId] = [await anAdmin(db), await aCorp(db)]
  await grantCorp(db.api, { accountId, corpId, role: 'admin' })
  await grantCorp(db.api, { accountId, corpId, role: 'staff' })
  const { rows } = await sql<{ role: string }>`select role from account_corp`.execute(db.owner)
  expect(rows).toEqual([{ role: 'admin' }])
})
