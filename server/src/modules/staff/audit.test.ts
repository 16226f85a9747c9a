import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCorp, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { recordAudit, verifyAudit } from './audit.ts'

const LINES = 40
const TAMPERS = 1_000

const write = (db: TestDb, corpId: string, n: number) =>
  inCorp(db.api, corpId, (tx) =>
    recordAudit(
      tx,
      { accountId: '1', corpId, name: '周岚', ip: '127.0.0.1', requestId: `r${n}` },
      { action: 'tag.create', kind: 'tag', id: String(n), detail: { name: `标签${n}`, b: 1, a: { c: null } }, at },
    ),
  )
const verdict = (db: TestDb, corpId: string) => inCorp(db.api, corpId, (tx) => verifyAudit(tx, corpId))

/** Ways to make a log say something else, done by somebody who owns the database and knows the columns, not the chain. */
const TAMPER = [
  (line: number) => `update audit_log set actor = actor || 'x' where line = ${line}`,
  (line: number) => `update audit_log set detail = '{"name":"别的"}' where line = ${line}`,
  (line: number) => `update audit_log set at = at + interval '1 microsecond' where line = ${line}`,
  (line: number) => `update audit_log set request_id = null where line = ${line}`,
  (line: number) => `delete from audit_log where line = ${line}`,
  (line: number) => `delete from audit_log where line >= ${line}`,
  (line: number) =>
    `update audit_log a set object_id = b.object_id, detail = b.detail from audit_log b where a.corp_id = b.corp_id and a.line in (${line}, ${(line % LINES) + 1}) and b.line in (${line}, ${(line % LINES) + 1}) and a.line <> b.line`,
  (line: number) =>
    `delete from audit_log where line = ${line}; update audit_log set line = line - 1 where line > ${line} - 0`,
  (line: number) =>
    `insert into audit_log (corp_id, at, actor, action, object_kind, detail, line, hash) select corp_id, at, 'x', action, object_kind, detail, ${LINES} + 1, hash from audit_log where line = ${line}`,
  (line: number) => `update audit_log set hash = sha256(hash) where line = ${line}`,
]

test(`LG-02: ${TAMPERS} tamperings with ${LINES} lines are all found, and an untouched log is not suspected`, async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  for (let n = 1; n <= LINES; n++) await write(db, corpId, n)
  await write(db, other, 1)
  expect(await verdict(db, corpId)).toEqual({ lines: LINES, brokenAt: null, cutOff: false })
  expect(await verdict(db, other)).toEqual({ lines: 1, brokenAt: null, cutOff: false })
  expect(await verdict(db, await aCorp(db))).toEqual({ lines: 0, brokenAt: null, cutOff: false })

  const missed: string[] = []
  for (let i = 0; i < TAMPERS; i++) {
    const text = TAMPER[i % TAMPER.length]!(1 + ((i * 7) % LINES)).replaceAll(
      'where',
      `where audit_log.corp_id = ${corpId} and`,
    )
    const own = text.startsWith('update audit_log a') ? text.replace('audit_log.corp_id', 'a.corp_id') : text
    await db.owner
      .transaction()
      .execute(async (tx) => {
        let touched = 0n
        for (const statement of own.split('; ')) touched += (await sql.raw(statement).execute(tx)).numAffectedRows ?? 0n
        await sql`select set_config('siyu.corp_id', ${corpId}, true)`.execute(tx)
        const { brokenAt, cutOff } = await verifyAudit(tx, corpId)
        if (touched === 0n || (brokenAt === null && !cutOff)) missed.push(own)
        throw new Undone()
      })
      .catch((error) => {
        if (!(error instanceof Undone)) throw error
      })
  }
  expect(missed).toEqual([])
  expect(await verdict(db, corpId)).toEqual({ lines: LINES, brokenAt: null, cutOff: false })
})

class Undone extends Error {}

test('twenty writers at once make one chain without gaps; one that is undone leaves none', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await Promise.all(Array.from({ length: 20 }, (_, n) => write(db, corpId, n)))
  await inCorp(db.api, corpId, async (tx) => {
    await recordAudit(
      tx,
      { accountId: '1', corpId, name: 'x', ip: '', requestId: '' },
      { action: 'a', kind: 'b', id: null, detail: {}, at },
    )
    throw new Undone()
  }).catch(() => undefined)
  await write(db, corpId, 99)
  expect(await verdict(db, corpId)).toEqual({ lines: 21, brokenAt: null, cutOff: false })
})
