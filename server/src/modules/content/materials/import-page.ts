import type { Db } from '../../../platform/db.ts'
import { type FetchFault, type FetchRules, safeFetch, UnsafeFetch } from '../../../platform/safe-fetch.ts'
import type { WorkContext } from '../../corps/context.ts'
import { PageRefused } from '../errors.ts'
import { storePicture } from '../files/store.ts'
import { readPage } from './read-page.ts'
import type { Block, PageImport, Said } from './schema.ts'

const WHY: Readonly<Record<FetchFault, string>> = {
  address: '网址要以 http 或 https 开头，用通常的端口',
  private: '这个网址不在公网上',
  unreachable: '对方的网站没有应答',
  slow: '对方的网站太慢，5 秒内没有读完',
  large: '网页太大（最多 2 MB）',
  redirects: '跳转太多次',
  status: '对方的网站说没有这个页面，或不让看',
}
/** Of one page; what comes after is left out. */
const PICTURES_MAX = 12
const PICTURES_AT_ONCE = 4
const BLOCKS_MAX = 300

/** A web page as a draft: its words and pictures in our own small pieces, or a card that leads to it. Nothing is saved but its pictures. */
export async function importPage(
  db: Db,
  work: WorkContext,
  corpId: string,
  { url, as }: PageImport,
  rules: Partial<FetchRules> = {},
): Promise<Said> {
  const fetched = await safeFetch(url, rules).catch((error) => {
    throw error instanceof UnsafeFetch ? new PageRefused({ why: WHY[error.fault] }) : error
  })
  if (!/html/i.test(fetched.contentType)) throw new PageRefused({ why: '它不是网页' })
  const page = readPage(fetched.bytes, fetched.contentType, fetched.url)
  const addresses = [
    page.picture,
    ...(as === 'article' ? page.pieces.map((piece) => (piece.type === 'picture' ? piece.address : undefined)) : []),
  ]
  const files = await savePictures(
    db,
    work,
    corpId,
    addresses.filter((address) => address !== undefined),
    rules,
  )
  const coverId = (page.picture && files.get(page.picture)) || null
  const said = { title: page.title, summary: page.summary, coverId }
  if (as === 'link') return { ...said, kind: 'link', content: { url: fetched.url } }
  const blocks = page.pieces.flatMap((piece): Block[] => {
    if (piece.type !== 'picture') return [piece]
    const fileId = files.get(piece.address)
    return fileId ? [{ type: 'picture', fileId, caption: piece.caption }] : []
  })
  if (blocks.length === 0) throw new PageRefused({ why: '没有找到正文，它可能要登录或用脚本才显示' })
  return {
    ...said,
    kind: 'article',
    content: { blocks: blocks.slice(0, BLOCKS_MAX), author: page.author, source: fetched.url },
  }
}

/** Pictures by their address; what cannot be had or is none is left out. */
async function savePictures(
  db: Db,
  work: WorkContext,
  corpId: string,
  addresses: readonly string[],
  rules: Partial<FetchRules>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(addresses)].slice(0, PICTURES_MAX)
  const saved = new Map<string, string>()
  for (let from = 0; from < wanted.length; from += PICTURES_AT_ONCE)
    await Promise.all(
      wanted.slice(from, from + PICTURES_AT_ONCE).map(async (address) => {
        try {
          const { bytes } = await safeFetch(address, rules)
          const asset = await storePicture(db, work.dataDir, corpId, { bytes, name: '网页图片', now: work.clock.now() })
          saved.set(address, asset.mediaAssetId)
        } catch (error) {
          work.log.info({ err: error }, 'a picture of an imported page was left out')
        }
      }),
    )
  return saved
}
