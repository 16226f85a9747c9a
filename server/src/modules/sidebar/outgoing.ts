import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { mediaIdOf, readSendables } from '../content/files/refresh.ts'
import { storePicture } from '../content/files/store.ts'
import { type ReadMaterial, readMaterials } from '../content/materials/read-material.ts'
import type { ContentOf, MaterialKind } from '../content/materials/schema.ts'
import { isSeen, isUsable, readViewer } from '../content/materials/visible.ts'
import { drawPosterOf } from '../content/posters/draw-poster.ts'
import { addressOf, linksFor } from '../content/radar/links.ts'
import type { ScriptPart } from '../content/scripts/schema.ts'
import { isScriptSeen } from '../content/search-library.ts'
import { readSlotValues, renderText, type SlotValues } from '../content/variables.ts'
import type { Actor, WorkContext } from '../corps/context.ts'
import { NoCodeOfYourOwn, NoPageYet, PieceGone } from './errors.ts'
import type { ChatMessage, Outgoing, Piece } from './schema.ts'

/** One customer, or a chat of many. */
export type To = { contactId: string } | { chatId: string }

type Sender = Pick<Actor, 'corpId' | 'staffId' | 'name' | 'permissions'>

/** A piece read for sending, before WeCom was asked for anything. */
interface Ready {
  version: number
  parts: ScriptPart[]
  materials: Map<string, ReadMaterial>
  covers: Map<string, string>
  slots: SlotValues
  /** Of those that are read on a page of ours: whose opening of it is told to whoever sent it. */
  pages: Map<string, string>
  nickname: string
  codeUrl: string | null
}

/**
 * Makes of a piece what the client sends: texts filled in for this customer or for everybody, files as media WeCom has now, posters drawn.
 * Refuses what the sender may not send, or nobody may any more.
 */
export async function prepareOutgoing(
  work: WorkContext,
  db: Db,
  sender: Sender,
  to: To,
  piece: Piece,
): Promise<Outgoing> {
  const now = work.clock.now()
  const ready = await inCorp(db, sender.corpId, (tx) => readReady(tx, work, sender, to, piece, now))
  const messages: ChatMessage[] = []
  for (const part of ready.parts) messages.push(await messageOf(work, db, sender, part, ready)) // a piece has ten parts at most, and WeCom is asked for those it lacks
  return { messages, version: ready.version, key: randomUUID(), at: now.toISOString() }
}

async function readReady(
  tx: Tx,
  work: WorkContext,
  sender: Sender,
  to: To,
  { piece, id }: Piece,
  now: Date,
): Promise<Ready> {
  const { corpId, staffId } = sender
  const script = piece === 'script' ? await readScript(tx, sender, id) : undefined
  const parts: ScriptPart[] = script?.parts ?? [{ type: 'material', materialId: id }]
  const ids = parts.flatMap((part) => (part.type === 'material' ? [part.materialId] : []))
  const materials = await readMaterials(tx, corpId, await usable(tx, sender, ids, now), now)
  if (ids.some((one) => !materials.has(one))) throw new PieceGone()
  const coverIds = [...materials.values()].flatMap(({ cover }) => cover ?? [])
  const covers = [...(await readSendables(tx, corpId, coverIds, now))].flatMap(([fileId, { url }]) =>
    url ? [[fileId, url] as const] : [],
  )
  const slots = await readSlotValues(tx, corpId, { staffId, ...('contactId' in to ? to : {}) })
  const drawn = [...materials.values()].some(({ kind }) => kind === 'poster')
  return {
    version: script?.version ?? materials.get(id)!.version,
    parts,
    materials,
    covers: new Map(covers),
    slots,
    pages: await readPages(tx, work, sender, to, [...materials.values()], now),
    nickname: sender.name,
    codeUrl: drawn ? await readCode(tx, work, corpId, staffId) : null,
  }
}

/** What customers read on our page, where it is seen how far; the rest goes into the chat itself. */
const ON_A_PAGE: ReadonlySet<MaterialKind> = new Set(['article', 'link', 'product', 'pdf', 'video'])

async function readPages(
  tx: Tx,
  { vault, publicUrl }: WorkContext,
  { corpId, staffId }: Sender,
  to: To,
  materials: readonly ReadMaterial[],
  now: Date,
): Promise<Map<string, string>> {
  const paged = materials.filter(({ kind }) => ON_A_PAGE.has(kind))
  if (staffId === null || paged.length === 0) return new Map()
  const wishes = paged.map(({ materialId, version }) => ({
    materialId,
    version,
    staffId,
    channel: 'contactId' in to ? ('chat' as const) : ('group' as const),
    ...to,
  }))
  const links = await linksFor(tx, vault, corpId, wishes, now)
  return new Map(paged.map(({ materialId }, i) => [materialId, addressOf(publicUrl, links[i]!.token)]))
}

async function readScript(tx: Tx, sender: Sender, scriptId: string) {
  const viewer = await readViewer(tx, sender.corpId, sender)
  const { rows } = await sql<{ parts: ScriptPart[]; version: number }>`
    select s.parts, s.version from script s join script_group g on g.corp_id = ${sender.corpId}::bigint and g.script_group_id = s.script_group_id
    where s.corp_id = ${sender.corpId}::bigint and s.script_id = ${scriptId}::bigint and s.removed_at is null and ${isScriptSeen(viewer)}`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '话术' })
  return rows[0]
}

/** Those of the materials that this member may send now. */
async function usable(tx: Tx, sender: Sender, ids: readonly string[], now: Date): Promise<string[]> {
  if (ids.length === 0) return []
  const viewer = { ...(await readViewer(tx, sender.corpId, sender)), writes: false }
  const { rows } = await sql<{ materialId: string }>`
    select m.material_id from material m where m.corp_id = ${sender.corpId}::bigint and m.material_id = any(${[...ids]}::bigint[])
      and ${isUsable(now)} and ${isSeen(sender.corpId, viewer)}`.execute(tx)
  return rows.map(({ materialId }) => materialId)
}

/** Where a picture of the member's leads: his own code, which adds him and nobody else. */
async function readCode(
  tx: Tx,
  { publicUrl }: WorkContext,
  corpId: string,
  staffId: string | null,
): Promise<string | null> {
  const { rows } = await sql<{ landingKey: string }>`
    select c.landing_key from channel_code c where c.corp_id = ${corpId}::bigint and c.qr_content is not null and c.archived_at is null and c.removed_at is null
      and (select array_agg(s.staff_id) from channel_code_staff s where s.corp_id = ${corpId}::bigint and s.channel_code_id = c.channel_code_id) = array[${staffId}::bigint]
    order by c.channel_code_id desc limit 1`.execute(tx)
  return rows[0] ? `${publicUrl}/c/${rows[0].landingKey}` : null
}

async function messageOf(
  work: WorkContext,
  db: Db,
  { corpId }: Sender,
  part: ScriptPart,
  ready: Ready,
): Promise<ChatMessage> {
  if (part.type === 'text') return { msgtype: 'text', text: { content: renderText(part.text, ready.slots) } }
  const media = (fileId: string) => mediaIdOf(work, corpId, fileId)
  if (part.type === 'image') return { msgtype: 'image', image: { mediaid: await media(part.fileId) } }
  const material = ready.materials.get(part.materialId)!
  const { kind, title, summary: desc, cover } = material
  const imgUrl = (cover && ready.covers.get(cover)) ?? ''
  const news = (link: string): ChatMessage => ({ msgtype: 'news', news: { link, title, desc, imgUrl } })
  const page = ready.pages.get(part.materialId)
  if (page) return news(page)
  switch (kind) {
    case 'text':
      return { msgtype: 'text', text: { content: renderText(said(material, kind).text, ready.slots) } }
    case 'image':
      return { msgtype: 'image', image: { mediaid: await media(said(material, kind).fileId) } }
    case 'video':
      return { msgtype: 'video', video: { mediaid: await media(said(material, kind).fileId) } }
    case 'file':
    case 'pdf':
      return { msgtype: 'file', file: { mediaid: await media(said(material, kind).fileId) } }
    case 'link':
    case 'product':
      return news(said(material, kind).url)
    case 'article': {
      const { source } = said(material, kind)
      if (!source) throw new NoPageYet()
      return news(source)
    }
    case 'mini_program': {
      const { appid, page } = said(material, kind)
      return { msgtype: 'miniprogram', miniprogram: { appid, title, imgUrl, page: asHtml(page) } }
    }
    case 'poster': {
      const poster = said(material, kind)
      if (!ready.codeUrl && poster.items.some(({ type }) => type === 'qr')) throw new NoCodeOfYourOwn()
      const given = {
        avatar: null,
        nickname: ready.nickname,
        qrContent: ready.codeUrl ?? work.publicUrl,
        slots: ready.slots,
      }
      const bytes = await drawPosterOf(db, work, corpId, poster, given)
      const { mediaAssetId } = await storePicture(db, work.dataDir, corpId, {
        bytes,
        name: title,
        now: work.clock.now(),
      })
      return { msgtype: 'image', image: { mediaid: await media(mediaAssetId) } }
    }
  }
}

const said = <K extends MaterialKind>({ content }: ReadMaterial, _kind: K) => content as ContentOf<K>

/** The client opens pages of mini programs by a name that ends so: path/94354, 2026-11. */
function asHtml(page: string): string {
  const [path = '', query] = page.split('?', 2)
  return `${path.endsWith('.html') ? path : `${path}.html`}${query === undefined ? '' : `?${query}`}`
}
