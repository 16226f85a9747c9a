import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Attack, attacksOn, type Json, MORE, PARAMETERS } from '../test/hostile.ts'
import { MAY } from '../test/who-may.ts'
import { aWholeApp } from '../test/whole-app.ts'
import { aHouse } from '../test/whole-house.ts'
import { freshDb, type TestDb } from '../test/world.ts'
import { aWriter, BODIES, type Ids, writingRoutes } from '../test/writing.ts'
import { drawQrPng } from './platform/draw-qr.ts'

/** Tables that hear of a refused request: who tried what, and when a session was last seen. */
const HEARS = ['audit_log', 'audit_head', 'session', 'mobile_session', 'sign_in_try', 'sign_in_state', 'mobile_sign_in']

/** Tells which tables were written to, and it was committed, since it was last asked. */
async function aWatch(db: TestDb): Promise<() => Promise<string[]>> {
  await sql`create table written (name text)`.execute(db.owner)
  await sql`create function note_writing() returns trigger language plpgsql security definer as $$
    begin insert into public.written values (tg_table_name); return null; end $$`.execute(db.owner)
  const { rows: tables } = await sql<{ name: string }>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and (n.nspname = 'public' or c.relname = '_private_jobs')
      and c.relname <> all(${[...HEARS, 'written']})`.execute(db.owner)
  for (const { name } of tables)
    await sql`create trigger note_writing after insert or update or delete on ${sql.raw(name)} execute function note_writing()`.execute(
      db.owner,
    )
  return async () => {
    const { rows } = await sql<{ name: string }>`delete from written returning name`.execute(db.owner)
    return [...new Set(rows.map(({ name }) => name))]
  }
}

const CHINESE = /[\u4E00-\u9FFF]/
interface Answer {
  status: number
  text: string
}

/** What is wrong with an answer to something hostile. */
function judge({ status, text }: Answer, { at, refused }: Attack): string | undefined {
  if (status >= 500 && !/corps.wecom_unreachable|sidebar.wecom_away|broadcasts.try_not_sent/.test(text))
    return 'a fault of ours'
  if (refused && status !== 400) return 'taken, though it cannot be kept'
  if (status < 400) return
  const { code: why, message, fields = {} } = text.startsWith('{') ? JSON.parse(text) : { message: text }
  if (!CHINESE.test(message)) return 'no word of Chinese'
  if (why !== 'platform.invalid_request' || at.length === 0) return
  const place = at.join('.')
  const named = Object.keys(fields).some(
    (name) => name === '_' || `${place}.`.startsWith(`${name}.`) || name.startsWith(`${place}.`),
  )
  if (!named) return 'the field at fault is not named'
  if (!Object.values(fields).every((said) => CHINESE.test(String(said)))) return 'a field without Chinese'
}

/** The whole server and somebody who may do everything, attacked one request at a time. */
async function aSiege(db: TestDb) {
  const there = await aWholeApp(db)
  const { corpId } = await aHouse(db)
  const writer = await aWriter(db, there, corpId)
  const { passwordHash } = await db.owner
    .selectFrom('account')
    .select('passwordHash')
    .where('accountId', '=', writer.accountId)
    .executeTakeFirstOrThrow()
  const written = await aWatch(db)
  let cookie = ''
  const wrong: string[] = []
  const counts = { attacks: 0, refused: 0, wrote: 0 }
  return {
    there,
    wrong,
    counts,
    async prepare(route: string) {
      const ready = await writer.prepare(route)
      cookie = await writer.credential(route)
      await written()
      return ready
    },
    async attack(route: string, url: string, attack: Attack, payload?: string | Buffer, type?: string) {
      const answer = await there.ask(route.split(' ')[0]!, url, cookie, payload, type)
      const said = `${route} ${attack.at.join('.')} ${attack.word}: ${answer.status} ${answer.text.slice(0, 200)}`
      const fault = judge(answer, attack)
      if (fault) wrong.push(`${fault}: ${said}`)
      const touched = await written()
      counts.attacks++
      if (answer.status >= 400) counts.refused++
      else if (touched.length > 0) counts.wrote++
      if (answer.status >= 400 && touched.length > 0) wrong.push(`half written, ${touched}: ${said}`)
      if (answer.status === 401 || answer.status === 429) await db.owner.deleteFrom('signInTry').execute()
      if (answer.status < 400 && !route.startsWith('GET')) {
        cookie = await writer.credential(route) // some routes end the one they are called with
        await db.owner.updateTable('account').set({ passwordHash }).where('accountId', '=', writer.accountId).execute()
        await written()
      }
    },
    [Symbol.asyncDispose]: () => there[Symbol.asyncDispose](),
  }
}

test('hostile values in every field of every writing route: never a fault of ours, refused in Chinese, nothing half written', async () => {
  await using db = await freshDb()
  await using siege = await aSiege(db)
  const routes = writingRoutes(siege.there)
  expect(routes.filter(({ route }) => !BODIES[route]).map(({ route }) => route)).toEqual([])
  let places = 0
  const unlike: string[] = []
  for (const { route, fields } of routes) {
    const { ids, url } = await siege.prepare(route)
    const bodies = [BODIES[route]!(ids), ...(MORE[route]?.(ids) ?? [])] as Json[]
    const sent = new Set(bodies.flatMap((body) => Object.keys(body as object)))
    if (fields.length > 0)
      unlike.push(...[...sent].filter((field) => !fields.includes(field)).map((field) => `${route} knows no ${field}`))
    unlike.push(...fields.filter((field) => !sent.has(field)).map((field) => `${route} is not tried with ${field}`))
    const attacks = new Map(bodies.flatMap((body) => [...attacksOn(body)]).map((attack) => [attack.payload, attack]))
    for (const [payload, attack] of attacks) await siege.attack(route, url, attack, payload)
    places += new Set([...attacks.values()].map(({ at }) => at.join('.'))).size
  }
  const { attacks, refused, wrote } = siege.counts
  console.info(
    `${routes.length} writing routes, ${places} places: ${attacks} attacks, ${refused} refused, ${wrote} written, ${siege.wrong.length} wrong`,
  )
  expect({ unlike, wrong: siege.wrong }).toEqual({ unlike: [], wrong: [] })
  // What may be kept is kept, and seen to be: a watch that sees nothing would prove nothing.
  expect(refused).toBeGreaterThan(attacks / 2)
  expect(wrote).toBeGreaterThan(routes.length)
}, 900_000)

/** What an address cannot do without. */
const GOOD_QUERIES: Readonly<Record<string, string>> = {
  'GET /api/touches': 'from=2026-11-01&to=2026-11-30',
  'GET /api/session/wecom/start': 'corpId=1',
  'GET /api/channel-codes/compare': 'codes=1,2',
  'GET /api/m/enter': 'corp=ww1&kind=member&to=/m/sidebar',
  'GET /api/m/oauth': `code=x&state=${'0'.repeat(48)}`,
  'GET /api/m/jssdk': 'url=http://127.0.0.1:7700/m/sidebar',
  'GET /api/rfm/moves': 'from=2026-10-01&to=2026-11-01',
  'GET /api/reports/attribution/orders': 'key=mass',
  'GET /api/session/wecom/callback': `code=x&state=${'0'.repeat(48)}`,
}

interface Parameter {
  name: string
  in: 'query' | 'path'
}

test('hostile ids in paths and hostile queries of every route: never a fault of ours, refused in Chinese, nothing half written', async () => {
  await using db = await freshDb()
  await using siege = await aSiege(db)
  const { paths } = siege.there.app.swagger() as {
    paths: Record<string, Record<string, { parameters?: Parameter[] }>>
  }
  const picture = await drawQrPng('https://example.com/', { size: 128, logo: false })
  let tried = 0
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { parameters = [] }] of Object.entries(methods)) {
      const route = `${method.toUpperCase()} ${path}`
      // WeCom itself is answered there, without words.
      if (parameters.length === 0 || path === '/wecom/callback/{key}') continue
      const { ids, url } = await siege.prepare(route)
      const body = BODIES[route] ? JSON.stringify(BODIES[route](ids)) : undefined
      const [payload, type] = path === '/api/media' ? [picture, 'image/png'] : [body, undefined]
      for (const { name, in: place } of parameters) {
        tried++
        const others = new URLSearchParams(GOOD_QUERIES[route])
        others.delete(name)
        const addresses = Object.entries(PARAMETERS).map(([word, value]) => {
          if (place === 'query') return { word, at: [name], address: `${url}?${name}=${value}&${others}` }
          const address = path.replaceAll(/\{(\w+)\}/g, (_, id: keyof Ids) => (id === name ? value : String(ids[id])))
          return { word, at: [name], address }
        })
        if (place === 'query')
          addresses.push({ word: 'twice', at: [name], address: `${url}?${name}=1&${name}=2&${others}` })
        for (const { address, ...attack } of addresses)
          if (place === 'query' || attack.word !== 'empty') await siege.attack(route, address, attack, payload, type) // without an id it is another route
      }
    }
  }
  const { attacks, refused } = siege.counts
  console.info(`${tried} parameters: ${attacks} attacks, ${refused} refused, ${siege.wrong.length} wrong`)
  expect(siege.wrong).toEqual([])
  expect(tried).toBeGreaterThan(Object.keys(MAY).filter((route) => route.includes('{')).length - 2)
}, 900_000)
