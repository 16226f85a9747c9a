import type { ContactOfUser } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { contactHooks } from '../../../test/contact-world.ts'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aCorp, at, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { applyContacts, followPlace } from './apply-contacts.ts'
import { maskPhone } from './mobiles.ts'

const tell = (db: TestDb, corpId: string, mobiles: string[]) =>
  inCorp(db.api, corpId, async (tx) => {
    const { changed } = await applyContacts(
      tx,
      corpId,
      testVault,
      [
        {
          contact: { external_userid: 'wm1', name: '林晚', type: 1 } as ContactOfUser['external_contact'],
          follow: { userid: 'amy', createtime: at.getTime() / 1000, remark_mobiles: mobiles },
          tagWecomIds: [],
        },
      ],
      { source: 'sync', now: at, askedAt: at },
      contactHooks,
    )
    return changed
  })

async function kept(db: TestDb, corpId: string) {
  const { rows } = await sql<{
    contactId: string
    staffId: string
    sealed: Buffer | null
    masked: string[]
    text: string
  }>`
    select contact_id, staff_id, mobiles_sealed as sealed, mobiles_masked as masked, f::text as text from follow f`.execute(
    db.owner,
  )
  const row = rows[0]!
  const opened = row.sealed
    ? (JSON.parse(testVault.open(row.sealed, followPlace(corpId, row)).toString()) as string[])
    : []
  return { ...row, opened }
}

test('numbers are kept sealed and shown masked; one that differs only under the mask is noticed, the same one is not written again', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await tell(db, corpId, ['13800001234', ''])
  expect(await kept(db, corpId)).toMatchObject({ opened: ['13800001234'], masked: ['138****1234'] })
  expect((await kept(db, corpId)).text).not.toContain('0000')
  expect(await tell(db, corpId, ['13800001234'])).toBe(0)
  expect(await tell(db, corpId, ['13899991234'])).toBe(1)
  expect(await kept(db, corpId)).toMatchObject({ opened: ['13899991234'], masked: ['138****1234'] })
  expect(await tell(db, corpId, [])).toBe(1)
  expect(await kept(db, corpId)).toMatchObject({ opened: [], masked: [] })
})

test('AC-05: no role is shown more of a number than its mask, in list, search or profile', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await tell(db, corpId, ['13800001234'])
  await using there = await aSignedApp(db)
  const { contactId } = await kept(db, corpId)
  for (const role of ['admin', 'operator', 'manager', 'auditor'] as const) {
    const cookie = await there.signedIn(corpId, role)
    const get = async (url: string) => (await there.app.inject({ url, headers: { cookie } })).body
    expect(await get(`/api/contacts/${contactId}`)).toContain('138****1234')
    for (const url of [`/api/contacts/${contactId}`, '/api/contacts', `/api/contacts/${contactId}/timeline`])
      expect(await get(url)).not.toContain('0000123')
    expect(JSON.parse(await get('/api/contacts?q=00001')).items).toEqual([]) // what is masked cannot be guessed at by searching
  }
})

test('a mask leaves enough to recognise a number by and too little to call it', () => {
  expect(['13800001234', '138 0000 1234', '02161234567', '12345', ''].map(maskPhone)).toEqual([
    '138****1234',
    '138****1234',
    '021****4567',
    '****45',
    '****',
  ])
})
