import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** How long a change may wait for its transaction. What a kill -9 can cost at most. */
const FLUSH_DELAY_MS = 50
/** Rows of one transaction: above this the event loop would stand still for too long. */
const FLUSH_ROWS_MAX = 20_000

/**
 * A record store written behind: `put` remembers the object, the next batch writes what it then holds.
 * Several changes of one object within 50 ms cost one row. In WAL mode a kill -9 leaves the last whole batch.
 */
export interface Store {
  put(kind: string, id: string, value: unknown): void
  putBytes(id: string, bytes: Uint8Array): void
  remove(kind: string, id: string): void
  removeBytes(id: string): void
  /** Everything of a kind, in the order of ids. Sees what is not yet written, too. */
  read(kind: string): Iterable<{ id: string; value: unknown }>
  readBytes(id: string): Uint8Array | undefined
  flush(): void
  close(): void
  /** Drops what is unwritten and closes, as a kill would. */
  abandon(): void
}

export function openStore(path: string): Store {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  // Ids are random, so rows are kept in the order of writing and only the narrow index is scattered: half the time.
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    pragma cache_size = -131072;
    pragma wal_autocheckpoint = 8000;
    create table if not exists record (kind text, id text, body text not null, primary key (kind, id));
    create table if not exists bytes (id text primary key, body blob not null) without rowid;
  `)
  const upsert = db.prepare('insert or replace into record (kind, id, body) values (?, ?, ?)')
  const remove = db.prepare('delete from record where kind = ? and id = ?')
  const upsertBytes = db.prepare('insert or replace into bytes (id, body) values (?, ?)')
  const removeBytes = db.prepare('delete from bytes where id = ?')
  const readBytes = db.prepare('select body from bytes where id = ?')

  type Change = { kind: string; id: string; value: unknown }
  const changes = new Map<string, Change>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const write = ({ kind, id, value }: Change) => {
    if (kind === 'bytes') {
      if (value === undefined) removeBytes.run(id)
      else upsertBytes.run(id, value as Uint8Array)
    } else if (value === undefined) remove.run(kind, id)
    else upsert.run(kind, id, JSON.stringify(value))
  }
  const flushSome = (rowsMax: number) => {
    timer = undefined
    if (changes.size === 0) return
    db.exec('begin')
    let rows = 0
    for (const [key, change] of changes) {
      write(change)
      changes.delete(key)
      if (++rows >= rowsMax) break
    }
    db.exec('commit')
    if (changes.size > 0) schedule(0)
  }
  const schedule = (delayMs: number) => {
    timer ??= setTimeout(flushSome, delayMs, FLUSH_ROWS_MAX)
  }
  const note = (kind: string, id: string, value: unknown) => {
    // A reply may still arrive while we go down; what it changes is told again after the restart.
    if (closed) return
    changes.set(`${kind}\n${id}`, { kind, id, value })
    schedule(FLUSH_DELAY_MS)
  }
  const flush = () => {
    clearTimeout(timer)
    flushSome(Number.POSITIVE_INFINITY)
    clearTimeout(timer)
    timer = undefined
  }

  return {
    put: note,
    putBytes: (id, bytes) => note('bytes', id, bytes),
    remove: (kind, id) => note(kind, id, undefined),
    removeBytes: (id) => note('bytes', id, undefined),
    *read(kind) {
      flush()
      for (const row of db.prepare('select id, body from record where kind = ? order by id').iterate(kind)) {
        yield { id: row.id as string, value: JSON.parse(row.body as string) as unknown }
      }
    },
    readBytes(id) {
      const waiting = changes.get(`bytes\n${id}`)
      if (waiting) return waiting.value as Uint8Array | undefined
      return readBytes.get(id)?.body as Uint8Array | undefined
    },
    flush,
    close() {
      flush()
      closed = true
      db.close()
    },
    abandon() {
      clearTimeout(timer)
      closed = true
      db.close()
    },
  }
}
