import { Readable } from 'node:stream'
import { sql } from 'kysely'
import yazl from 'yazl'
import type { Tx } from '../../../platform/db.ts'
import { CSV_START, csvLine } from '../../../platform/tables/csv.ts'
import { NoCodesToPrint, TooManyCodes } from '../errors.ts'
import type { ZipQuery } from '../schema.ts'
import { drawCaptioned } from './draw-captioned.ts'

const CODES_MAX = 1_000
const NAMES_SHOWN = 3
const FILE_NAME_MAX = 60
const HEAD = ['文件', '活码', '投放位', '成员', '二维码内容']

/** A code to print. `content` null: WeCom has not made it. */
interface Printed {
  name: string
  placementName: string
  staff: string[]
  content: string | null
}

/** Codes as they are chosen, ready or not, in order of their age. */
export async function readPrinted(tx: Tx, corpId: string, query: ZipQuery, publicUrl: string): Promise<Printed[]> {
  const { codes = null, batch = null, group = null, placementsOf = null, landing } = query
  const { rows } = await sql<Printed>`
    select o.name, case when c.placement_of is null then '' else c.name end as placement_name,
      case when ${landing === '1'} then ${`${publicUrl}/c/`} || c.landing_key else c.qr_content end as content,
      array(select s.name from channel_code_staff cs join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = cs.staff_id
        where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = o.channel_code_id and s.left_at is null order by s.staff_id) as staff
    from channel_code c join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where c.corp_id = ${corpId}::bigint and c.removed_at is null
      and (c.channel_code_id = any(${codes}::bigint[])
        or c.code_batch_id = ${batch}::bigint
        or c.group_name = ${group}::text and c.placement_of is null and c.archived_at is null
        or c.placement_of = ${placementsOf}::bigint and c.archived_at is null)
    order by c.channel_code_id limit ${CODES_MAX + 1}`.execute(tx)
  if (rows.length > CODES_MAX) throw new TooManyCodes({ most: CODES_MAX })
  if (rows.every((row) => row.content === null)) throw new NoCodesToPrint()
  return rows
}

/**
 * A zip of their pictures, each with its caption, and a list. Pictures are drawn as the file is taken, one after another:
 * memory stays flat whatever their number.
 */
export function zipCodes(codes: Printed[], size: number): Readable {
  const zip = new yazl.ZipFile()
  const width = `${codes.length}`.length
  const lines = codes.map((code, index) => {
    const { name, placementName, staff, content } = code
    const file = content === null ? '' : `${`${index + 1}`.padStart(width, '0')} ${safeName(code)}.png`
    if (content !== null)
      zip.addReadStreamLazy(file, { compress: false }, (give) => {
        drawCaptioned({ content, title: plain(name), line: lineOf(code), size }).then(
          (png) => give(null, Readable.from([png])),
          (error: unknown) => give(error, Readable.from([])),
        )
      })
    return csvLine([file, name, placementName, staff.join('、'), content ?? '企业微信还没有建好，稍后再下'])
  })
  zip.addBuffer(Buffer.from([CSV_START, csvLine(HEAD), ...lines].join('')), '清单.csv')
  const out = zip.outputStream as Readable
  zip.on('error', (error: Error) => out.destroy(error))
  zip.end()
  return out
}

/** The place and the people, unless the name says them already. */
function lineOf({ name, placementName, staff }: Printed): string {
  const shown = staff.slice(0, NAMES_SHOWN).join('、')
  const who = staff.length > NAMES_SHOWN ? `${shown}等 ${staff.length} 人` : shown
  return plain([placementName, name.includes(who) ? '' : who].filter((part) => part !== '').join(' · '))
}

/** A name of a file on any system: no way up or out, no device, nothing that turns the reading direction. Its number in front makes it the only one. */
function safeName({ name, placementName }: Printed): string {
  const whole = plain(placementName === '' ? name : `${name}-${placementName}`)
  const safe = whole
    .replaceAll(/[/\\:*?"<>|]/g, '_')
    .slice(0, FILE_NAME_MAX)
    .toWellFormed()
    .replace(/[. ]+$/, '')
  return safe === '' ? '活码' : safe
}

/** Without what is no sign: controls, and marks that make text run backwards. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '').trim()
