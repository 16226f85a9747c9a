import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { DomainError, NotFound } from '../../../platform/errors.ts'
import type { Cron, WorkContext } from '../../corps/context.ts'
import { everyCorp } from '../../corps/each-corp.ts'
import { judgeFile } from '../files/store.ts'
import { countInHour } from './count.ts'
import { FormClosed, TooOften, UploadRefused } from './errors.ts'
import { readLink } from './links.ts'
import { FILES_MAX } from './schema.ts'
import { type Visit, visitMark } from './visit.ts'
import { type Filler, visitorMark } from './who.ts'

/** Bytes. */
export const FILE_BYTES_MAX = 10 * 1024 * 1024
/** Of one browser, and of one address, to one form in an hour. */
const HOURLY_MAX = { browser: 40, address: 400 }
/** What no answer has claimed. */
const LOOSE_HOURS = 24
const TAKEN = ['image/png', 'image/jpeg', 'application/pdf']

const placeOf = (corpId: string, fileId: string) => `form_file.${corpId}.${fileId}`
const pathOf = (dataDir: string, corpId: string, fileId: string) => join(dataDir, 'forms', corpId, `${fileId}.sealed`)

/** Keeps a picture or a PDF somebody sends along, sealed. Judged by its bytes; pictures are drawn anew (IO-04). */
export async function takeFile(
  { db, vault, clock, dataDir }: Pick<WorkContext, 'db' | 'vault' | 'clock' | 'dataDir'>,
  visit: Visit,
  filler: Filler,
  { field, bytes }: { field: string; bytes: Buffer },
  nowMs: number,
): Promise<{ fileId: string }> {
  const { corpId } = visit
  const mark = visitMark(visit)
  const formId = await inCorp(db, corpId, async (tx) => {
    const link = await readLink(tx, corpId, visit.linkId)
    if (link?.state !== 'open') throw new FormClosed()
    if (!link.content.fields.some(({ key, kind }) => key === field && kind === 'file'))
      throw new NotFound({ what: '题目' })
    for (const [what, who, most] of [
      ['files of', visitorMark(filler), HOURLY_MAX.browser],
      ['files from', filler.ip, HOURLY_MAX.address],
    ] as const)
      if (!(await countInHour(tx, corpId, link.formId, { what, who, most }, nowMs))) throw new TooOften()
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from form_file where corp_id = ${corpId}::bigint and visit_mark = ${mark} and field = ${field}`.execute(
      tx,
    )
    if (rows[0]!.n >= FILES_MAX * 2) throw new TooOften()
    return link.formId
  })
  const judged = await judge(bytes)
  const fileId = randomUUID()
  await writeSealed(pathOf(dataDir, corpId, fileId), vault.seal(judged.bytes, placeOf(corpId, fileId)))
  await inCorp(db, corpId, (tx) =>
    sql`insert into form_file (corp_id, file_id, form_id, visit_mark, field, mime, size_bytes, created_at)
      values (${corpId}::bigint, ${fileId}::uuid, ${formId}::bigint, ${mark}, ${field}, ${judged.mime}, ${judged.bytes.length}, ${clock.now()}::timestamptz)`.execute(
      tx,
    ),
  )
  return { fileId }
}

async function judge(bytes: Buffer): Promise<{ bytes: Buffer; mime: string }> {
  try {
    const judged = await judgeFile({ bytes, name: 'x' })
    if (!TAKEN.includes(judged.mime)) throw new UploadRefused({ why: '它不是图片，也不是 PDF' })
    return judged
  } catch (error) {
    if (error instanceof DomainError && !(error instanceof UploadRefused))
      throw new UploadRefused({ why: '打不开，或里面夹带了别的东西' })
    throw error
  }
}

async function writeSealed(path: string, sealed: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, sealed, { mode: 0o600, flush: true })
  await rename(draft, path)
}

/** A file of an answer, opened. */
export async function readAnswerFile(
  tx: Tx,
  { vault, dataDir }: Pick<WorkContext, 'vault' | 'dataDir'>,
  corpId: string,
  { answerId, fileId }: { answerId: string; fileId: string },
): Promise<{ mime: string; bytes: Buffer }> {
  const { rows } = await sql<{ mime: string }>`
    select mime from form_file where corp_id = ${corpId}::bigint and answer_id = ${answerId}::bigint and file_id = ${fileId}::uuid`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '文件' })
  const sealed = await readFile(pathOf(dataDir, corpId, fileId))
  return { mime: rows[0].mime, bytes: vault.open(sealed, placeOf(corpId, fileId)) }
}

/** Takes the bytes away of files no row knows any more. */
export const dropFiles = async (dataDir: string, corpId: string, fileIds: readonly string[]): Promise<void> => {
  await Promise.all(fileIds.map((fileId) => rm(pathOf(dataDir, corpId, fileId), { force: true })))
}

/** What was sent along and never handed in goes after a day; so do counts whose hour is over. */
export const forgetLoose: Cron = {
  name: 'content.forget-forms',
  everyMinutes: 60,
  run(context) {
    const { db, dataDir, clock } = context
    const before = new Date(clock.now().getTime() - LOOSE_HOURS * 3_600_000)
    return everyCorp(context, 'loose files of forms could not be forgotten', async (corpId) => {
      const gone = await inCorp(db, corpId, async (tx) => {
        await sql`delete from form_count where corp_id = ${corpId}::bigint and until < ${new Date()}::timestamptz`.execute(
          tx,
        )
        const { rows } = await sql<{ fileId: string }>`
          delete from form_file where corp_id = ${corpId}::bigint and answer_id is null and created_at < ${before}::timestamptz returning file_id`.execute(
          tx,
        )
        return rows
      })
      await dropFiles(
        dataDir,
        corpId,
        gone.map(({ fileId }) => fileId),
      )
    })
  },
}
