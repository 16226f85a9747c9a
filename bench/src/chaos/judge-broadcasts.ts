import type pg from 'pg'
import type { World } from '../world.ts'
import type { Violation } from './judge.ts'

/** One broadcast that was under way when the server was killed. */
export interface Asked {
  corpId: string
  corpid: string
  /** Its name, and the words every customer of the corp is to read once. */
  words: string
  customers: number
}

interface Task {
  msgid: string
  text?: { content: string }
  notices: { to: string[]; fates: string }[]
}

interface Chunk {
  state: string
  unclear: boolean
  msgid: string | null
  people: number
  ids: string[]
  settled: number
}

const CHUNKS = `
  select c.state, c.unclear, c.msgid, cardinality(c.contact_ids) as people, c.sent + c.failed as settled,
    array(select i.value from contact_identity i where i.corp_id = c.corp_id and i.kind = 'external_userid' and i.contact_id = any(coalesce(c.confirmed, c.contact_ids))) as ids
  from broadcast_chunk c join broadcast_run r using (corp_id, run_id) join broadcast b using (corp_id, broadcast_id) where b.corp_id = $1 and b.name = $2`

/** MS-01, F-02: at most one task for each customer, and every one of them ends told, refused with a reason, or shown as unknown. */
export async function judgeBroadcast(client: pg.Pool, world: World, asked: Asked): Promise<Violation[]> {
  const { corpId, corpid, words, customers } = asked
  const say = (what: string) => `${words}: ${what}`
  const { rows: runs } = await client.query<{ state: string; cause: string | null }>(
    'select r.state, r.cause from broadcast_run r join broadcast b using (corp_id, broadcast_id) where b.corp_id = $1 and b.name = $2',
    [corpId, words],
  )
  if (runs.length !== 1) return [say(`${runs.length} runs`)]
  const { rows: chunks } = await client.query<Chunk>(CHUNKS, [corpId, words])
  const { tasks } = await world.control<{ tasks: Task[] }>('GET', `/corps/${corpid}/mass?full=true&limit=10000`)
  const ours = tasks.filter(({ text }) => text?.content === words)
  return [
    ...(['asked', 'done'].includes(runs[0]!.state) ? [] : [say(`the run ended ${runs[0]!.state} ${runs[0]!.cause}`)]),
    ...twice(ours).map((id) => say(`${id} is in more than one task`)),
    ...chunks.flatMap((chunk) => judgeChunk(chunk, ours).map(say)),
    ...(chunks.reduce((sum, { people }) => sum + people, 0) === customers
      ? []
      : [say('somebody was dropped silently')]),
  ]
}

function twice(tasks: readonly Task[]): string[] {
  const ids = tasks.flatMap(({ notices }) => notices.flatMap(({ to }) => to))
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))]
}

function judgeChunk({ state, unclear, msgid, ids, settled }: Chunk, tasks: readonly Task[]): string[] {
  const task = tasks.find((it) => it.msgid === msgid)
  if (state === 'unknown') return unclear ? [] : ['an unknown task is neither resolved nor shown']
  if (state !== 'accepted') return ['refused', 'cancelled'].includes(state) && !task ? [] : [`a task ended ${state}`]
  if (!task) return [`we believe in task ${msgid}, which WeCom has not`]
  const told = new Set(task.notices.flatMap(({ to }) => to))
  const missing = ids.filter((id) => !told.has(id))
  return [
    ...(missing.length > 0 ? [`${missing.length} of ${msgid} were never asked for`] : []),
    ...(settled === ids.length ? [] : [`${ids.length - settled} of ${msgid} were never settled`]),
  ]
}
