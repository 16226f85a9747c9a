import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { World } from '../world.ts'

/** Where a server is stopped: inside a transaction, at a row it writes, or inside a call WeCom has or has not acted on. */
export interface Point {
  name: string
  row?: { table: string; on: string; when?: string }
  call?: 'timeout-before' | 'timeout-after'
  /** Killed there first; then, started again, at the point itself. */
  after?: 'called' | 'made'
  /** Members have pressed send by then. */
  sent?: boolean
}

const chunk = (when: string) => ({ table: 'broadcast_chunk', on: 'update', when })
const run = (when: string) => ({ table: 'broadcast_run', on: 'update', when })

/** From asking over planning, reserving, creating the task and recording it to settling, in order. */
export const POINTS: readonly Point[] = [
  { name: 'asking', row: { table: 'broadcast_run', on: 'insert' } },
  { name: 'planning', row: { table: 'touch', on: 'insert' } },
  { name: 'reserving', row: { table: 'touch_fate', on: 'insert or update' } },
  { name: 'writing', row: { table: 'broadcast_chunk', on: 'insert' } },
  { name: 'planned', row: run("old.state = 'planning' and new.state = 'ready'") },
  { name: 'beginning', row: run("old.state = 'ready' and new.state = 'sending'") },
  { name: 'claiming', row: chunk("old.state = 'planned' and new.state = 'sending'") },
  { name: 'called', call: 'timeout-before' },
  { name: 'made', call: 'timeout-after' },
  { name: 'recording', row: chunk("old.state = 'sending' and new.state = 'accepted'") },
  { name: 'handed', row: run("old.state = 'sending' and new.state = 'asked'") },
  { name: 'losing', row: chunk("old.state = 'sending' and new.state = 'unknown'"), after: 'made' },
  { name: 'finding', row: chunk("old.state = 'unknown' and new.state = 'accepted'"), after: 'made' },
  { name: 'again', row: chunk("old.state = 'unknown' and new.state = 'planned'"), after: 'called' },
  { name: 'settling', row: { table: 'touch_fate', on: 'update' }, sent: true },
  { name: 'settled', row: chunk("old.task = 'open' and new.task = 'sent'"), sent: true },
]

const LOCK = 7_850_001
const ADD = 'externalcontact/add_msg_template'

export interface Holder {
  /** From now on this corp's server stops there. */
  arm(point: Point, corpId: string, corpid: string): Promise<void>
  /** True once it stands there. */
  isHeld(): Promise<boolean>
  /** Lets go, after the server has been killed: what stood open there is rolled back. */
  release(): Promise<void>
  end(): Promise<void>
}

/**
 * Stops a server at a named point from outside: a trigger waits for a lock we hold, or the simulator keeps the answer. The
 * server is the one that is shipped, without a line for this.
 */
export async function openHolder(databaseUrl: string, world: World): Promise<Holder> {
  const holding = new pg.Client({ connectionString: databaseUrl })
  const looking = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  // The database goes down before we do when a trial breaks off: what broke it is what should be read.
  holding.on('error', () => undefined)
  looking.on('error', () => undefined)
  await holding.connect()
  await looking.query(`
    create table chaos_hold (point text not null, corp_id bigint not null);
    create function chaos_wait() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if exists (select from chaos_hold where point = tg_argv[0] and corp_id = new.corp_id) then
        perform pg_advisory_xact_lock(${LOCK});
      end if;
      return new;
    end $$`)
  for (const { name, row } of POINTS)
    if (row)
      await looking.query(
        `create trigger chaos_${name} before ${row.on} on ${row.table} for each row ${row.when ? `when (${row.when})` : ''} execute function chaos_wait('${name}')`,
      )
  let call: Point['call']
  return {
    async arm(point, corpId, corpid) {
      call = point.call
      if (call) {
        const rule = { where: 'api', kind: call, match: ADD, corpid, count: 1, ms: 30_000 }
        await world.control('PUT', '/faults', { rules: [rule] })
        return
      }
      await holding.query('select pg_advisory_lock($1)', [LOCK])
      await looking.query('insert into chaos_hold values ($1, $2)', [point.name, corpId])
    },
    async isHeld() {
      if (call) {
        const { rules } = await world.control<{ rules: { injected: number }[] }>('GET', '/faults')
        return (rules[0]?.injected ?? 0) > 0
      }
      const { rows } = await looking.query(
        "select pid from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
        [LOCK],
      )
      return rows.length > 0
    },
    async release() {
      if (call) return void (await world.control('PUT', '/faults', { rules: [] }))
      await looking.query('delete from chaos_hold')
      await looking.query(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
        [LOCK],
      )
      await sleep(50)
      await holding.query('select pg_advisory_unlock($1)', [LOCK])
    },
    async end() {
      await Promise.all([holding.end(), looking.end()])
    },
  }
}
