import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { readHome } from './read-home.ts'

const shanghai = (text: string) => new Date(`${text}+08:00`)
/** A quarter past two in the afternoon in Shanghai. */
const NOW = shanghai('2026-11-20T14:15:00')

const home = (db: TestDb, corpId: string, now = NOW, scope?: string) =>
  inCorp(db.api, corpId, (tx) => readHome(tx, corpId, now, scope === undefined ? scope : [scope]))

let made = 0
async function happened(
  db: TestDb,
  corpId: string,
  given: {
    contactId: string
    staffId: string | null
    kind: NewEvent['kind']
    times: string[]
    props?: Record<string, unknown>
  },
) {
  const { contactId, staffId, kind, times, props = {} } = given
  const events = times.map(
    (time): NewEvent => ({ contactId, staffId, kind, at: shanghai(time), source: 'callback', props, key: `${++made}` }),
  )
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, events, NOW))
}

test('today begins at midnight in Shanghai and is set beside yesterday up to the same minute', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  await happened(db, corpId, {
    contactId,
    staffId,
    kind: 'contact.added',
    times: [
      '2026-11-18T23:59:59.999', // the day before yesterday
      '2026-11-19T00:00:00.000', // yesterday, its first instant
      '2026-11-19T14:15:00.000', // yesterday, this very moment
      '2026-11-19T14:15:00.001', // yesterday, later than now
      '2026-11-19T23:59:59.999', // yesterday, its last
      '2026-11-20T00:00:00.000', // today, its first
      '2026-11-20T14:15:00.000', // now
      '2026-11-20T14:15:00.001', // not yet
    ],
  })
  await happened(db, corpId, {
    contactId,
    staffId,
    kind: 'contact.lost',
    times: ['2026-11-19T09:00:00', '2026-11-19T15:00:00', '2026-11-20T09:00:00', '2026-11-20T09:00:01'],
  })
  const shown = await home(db, corpId)
  expect(shown).toMatchObject({ at: NOW.toISOString(), added: { value: 2, before: 2 }, lost: { value: 2, before: 1 } })
  expect(shown.days.slice(-3)).toEqual([
    { day: '2026-11-18', added: 1, lost: 0 },
    { day: '2026-11-19', added: 4, lost: 2 },
    { day: '2026-11-20', added: 2, lost: 2 },
  ])
  expect(shown.hours.filter((h) => h.today + h.yesterday > 0)).toEqual([
    { hour: 0, today: 1, yesterday: 1 },
    { hour: 14, today: 1, yesterday: 2 },
    { hour: 23, today: 0, yesterday: 1 },
  ])
  expect(shown.staff).toEqual([expect.objectContaining({ staffId, added: 2 })])
})

test('in the first and the last minute of a day the figures are of that day', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  await happened(db, corpId, {
    contactId,
    staffId,
    kind: 'contact.added',
    times: ['2026-11-19T00:00:10', '2026-11-19T12:00:00', '2026-11-20T00:00:20', '2026-11-20T23:59:30'],
  })
  expect((await home(db, corpId, shanghai('2026-11-20T00:00:30'))).added).toEqual({ value: 1, before: 1 })
  expect((await home(db, corpId, shanghai('2026-11-20T23:59:59'))).added).toEqual({ value: 2, before: 2 })
  expect((await home(db, corpId, shanghai('2026-11-21T00:00:00'))).added).toEqual({ value: 0, before: 0 })
})

test('fourteen days are shown, the oldest whole and nothing before it', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  await happened(db, corpId, {
    contactId,
    staffId,
    kind: 'contact.added',
    times: ['2026-11-06T23:59:59', '2026-11-07T00:00:00'],
  })
  const { days } = await home(db, corpId)
  expect(days.map((d) => d.day)).toEqual(
    Array.from({ length: 14 }, (_, i) => `2026-11-${String(i + 7).padStart(2, '0')}`),
  )
  expect(days[0]).toEqual({ day: '2026-11-07', added: 1, lost: 0 })
})

test('welcomes are today’s; the middle wait of those sent, none when none was', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  expect((await home(db, corpId)).welcomes).toEqual({ sent: 0, missed: 0, medianMs: null })
  for (const [time, ms] of [
    ['2026-11-19T23:59:59', 9_000],
    ['2026-11-20T00:00:00', 300],
    ['2026-11-20T10:00:00', 700],
    ['2026-11-20T11:00:00', 2_000],
  ] as const)
    await happened(db, corpId, { contactId, staffId, kind: 'welcome.sent', times: [time], props: { ms } })
  await happened(db, corpId, {
    contactId,
    staffId,
    kind: 'welcome.failed',
    times: ['2026-11-19T10:00:00', '2026-11-20T10:00:00'],
  })
  expect((await home(db, corpId)).welcomes).toEqual({ sent: 3, missed: 1, medianMs: 700 })
})

test('AC-03: a staff member sees his own figures, another corp none', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const [amy, bob] = [await aStaff(db, ours, { name: '艾米' }), await aStaff(db, ours, { name: '鲍勃' })]
  const ofAmy = await aContact(db, ours, { staffId: amy })
  const ofBob = await aContact(db, ours, { staffId: bob })
  await aContact(db, ours, { staffId: amy, lostAt: NOW })
  await happened(db, ours, { contactId: ofAmy, staffId: amy, kind: 'contact.added', times: ['2026-11-20T10:00:00'] })
  await happened(db, ours, {
    contactId: ofBob,
    staffId: bob,
    kind: 'contact.added',
    times: ['2026-11-20T10:00:00', '2026-11-20T11:00:00'],
  })
  await happened(db, ours, {
    contactId: ofBob,
    staffId: bob,
    kind: 'welcome.sent',
    times: ['2026-11-20T10:00:00'],
    props: { ms: 5 },
  })
  expect(await home(db, ours)).toMatchObject({
    contacts: 2,
    added: { value: 3 },
    welcomes: { sent: 1 },
    staff: [
      { name: '鲍勃', added: 2 },
      { name: '艾米', added: 1 },
    ],
  })
  expect(await home(db, ours, NOW, amy)).toMatchObject({
    contacts: 1,
    added: { value: 1 },
    welcomes: { sent: 0, medianMs: null },
    staff: [{ name: '艾米', added: 1 }],
  })
  expect(await home(db, theirs)).toMatchObject({ contacts: 0, added: { value: 0, before: 0 }, staff: [] })
})
