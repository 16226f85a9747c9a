import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readXml } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import { aReceiver, aWorld, type Json, type TestWorld } from '../../simulator/test/world.ts'
import { hearContactEvents } from '../src/modules/channels/hear-contacts.ts'
import type { SyncHooks } from '../src/modules/contacts/sync.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { kindOf, type ReceivedCallback, text } from '../src/modules/events/callback.ts'
import { hearFriends } from '../src/modules/groups/tell.ts'
import { countStaffDays, recountLosses } from '../src/modules/reports/count-days.ts'
import { replaceWecomTags } from '../src/modules/tags/replace-wecom-tags.ts'
import { syncTagLibrary } from '../src/modules/tags/sync-library.ts'
import type { Clock } from '../src/platform/clock.ts'
import { aContext, aCorp, type TestDb } from './world.ts'

/** As `worker.ts` wires them. */
export const contactHooks: SyncHooks = {
  beforeCustomers: (context, corpId) => syncTagLibrary(context, corpId),
  afterFollows: async (tx, corpId, pairs, told) => (await replaceWecomTags(tx, corpId, pairs, told)).contactIds,
  async afterEvents(tx, corpId, appended, now) {
    await hearContactEvents(tx, corpId, appended, now)
    await countStaffDays(tx, corpId, appended)
    await hearFriends(tx, corpId, appended, now)
  },
  afterLearnt: recountLosses,
}

/** A person in the line between us and WeCom: what happens before a call reaches it, and before its answer reaches us. */
export interface Line {
  /** An answer of its own is given instead of WeCom's. */
  before?: (api: string, body: Json) => Promise<Json | undefined> | Json | undefined
  after?: (api: string, body: Json) => Promise<void> | void
}

export interface ContactWorld extends AsyncDisposable {
  world: TestWorld
  corpId: string
  context: WorkContext
  line: Line
}

/** A corp whose WeCom is a simulator of its own, with a line to it that a test may hold. Nothing of it is known here yet. */
export async function aContactWorld(
  db: TestDb,
  given: { clock?: Clock; generate?: { customers: number; followersEach: number; staff: number } } = {},
): Promise<ContactWorld> {
  const options = { rateLimits: false }
  const world = await aWorld({ corp: { options, ...(given.generate ? { generate: given.generate } : {}) } })
  const line: Line = {}
  const { url, close } = await openLine(world.sim.url, line)
  const corpId = await aCorp(db, { name: '测试企业', wecomCorpid: world.corp.corpid, secret: world.corp.secret })
  const context = aContext(db, { wecomBaseUrl: url, ...(given.clock ? { clock: given.clock } : {}) })
  return {
    world,
    corpId,
    context,
    line,
    async [Symbol.asyncDispose]() {
      await context[Symbol.asyncDispose]()
      await close()
      await world[Symbol.asyncDispose]()
    },
  }
}

async function openLine(to: string, line: Line) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const api = new URL(request.url!, to).pathname.replace('/cgi-bin/', '')
    const body = text ? (JSON.parse(text) as Json) : {}
    const instead = await line.before?.(api, body)
    const answer = instead
      ? JSON.stringify(instead)
      : await (await fetch(`${to}${request.url}`, { method: request.method!, ...(text ? { body: text } : {}) })).text()
    await line.after?.(api, body)
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** A friendship as both sides know it. */
export interface Friendship {
  externalUserid: string
  name: string
  unionid: string | null
  userid: string
  remark: string
  description: string
  createtime: number
  addWay: number
  state: string | null
  tags: string[]
}

const byPair = (rows: Friendship[]) =>
  rows.sort((a, b) => (`${a.externalUserid} ${a.userid}` < `${b.externalUserid} ${b.userid}` ? -1 : 1))

/** What WeCom holds, by the simulator's own word. */
export async function readTruth({ world }: ContactWorld): Promise<Friendship[]> {
  const text = await (await fetch(`${world.sim.url}/control/corps/${world.corp.corpid}/truth`)).text()
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
  const customers = new Map(lines.filter((l) => l.kind === 'customer').map((l) => [l.externalUserid, l]))
  return byPair(
    lines
      .filter((l) => l.kind === 'follow')
      .map((l) => {
        const customer = customers.get(l.externalUserid)!
        return {
          externalUserid: l.externalUserid as string,
          name: customer.name as string,
          unionid: (customer.unionid as string | undefined) ?? null,
          userid: l.userid as string,
          remark: l.remark as string,
          description: l.description as string,
          createtime: l.createtime as number,
          addWay: l.addWay as number,
          state: (l.state as string | undefined) ?? null,
          tags: (l.tags as string[]).toSorted(),
        }
      }),
  )
}

/** What stands in our tables, of the friendships that hold. */
export async function readGraph(db: TestDb, corpId: string): Promise<Friendship[]> {
  const { rows } = await sql<Friendship>`
    select i.value as external_userid, c.name, u.value as unionid, s.userid, f.remark, f.description, extract(epoch from f.added_at)::float8 as createtime, f.add_way, f.state,
      array(select t.wecom_tag_id from follow_tag ft join tag t on t.tag_id = ft.tag_id where ft.contact_id = f.contact_id and ft.staff_id = f.staff_id order by t.wecom_tag_id collate "C") as tags
    from follow f join contact c on c.contact_id = f.contact_id join staff s on s.staff_id = f.staff_id
    join contact_identity i on i.contact_id = f.contact_id and i.kind = 'external_userid'
    left join contact_identity u on u.contact_id = f.contact_id and u.kind = 'unionid'
    where f.corp_id = ${corpId}::bigint and f.lost_at is null`.execute(db.owner)
  return byPair(rows)
}

/** Every row about contacts with the transaction that wrote it: a write that changes nothing shows. */
export async function readVersions(db: TestDb): Promise<string[]> {
  const tables = ['contact', 'contact_identity', 'follow', 'follow_tag', 'event', 'staff', 'staff_department', 'tag']
  const versions: string[] = []
  for (const table of tables) {
    const { rows } = await sql<{ version: string }>`
      select ${table} || ' ' || t.xmin || ' ' || t.ctid || ' ' || t::text as version from ${sql.table(table)} t`.execute(
      db.owner,
    )
    versions.push(...rows.map((row) => row.version))
  }
  return versions.sort()
}

/** What WeCom calls us back about from now on, in the order of happening. */
export async function callbacksOf({ world }: ContactWorld, event = 'change_external_contact') {
  const receiver = await aReceiver(world)
  return {
    /** Waits for so many since the beginning. */
    async all(count: number): Promise<ReceivedCallback[]> {
      const deliveries = await receiver.waitFor(count)
      return deliveries
        .map(({ xml }) => readXml(xml))
        .map((fields, i) => ({
          inboxId: `${i + 1}`,
          kind: kindOf(fields),
          fields,
          createdAt: new Date(Number(text({ fields }, 'CreateTime')) * 1000),
          receivedAt: new Date(),
        }))
        .filter((callback) => callback.kind.startsWith(`${event}.`))
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}
