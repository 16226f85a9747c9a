import type { Attachment } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { type Db, inCorp } from '../../platform/db.ts'
import { LASTING_BYTES_MAX, MEDIA_TRUSTED_MS } from '../content/files/refresh.ts'
import { isWithin } from './roster/roster-at.ts'
import type { Welcome, WelcomeAttachment, WelcomeSlot, WelcomeVariant } from './schema.ts'
import { variantOf } from './trial/variant.ts'

/** Everything a welcome needs that we already have; only the customer’s name may have to be asked for. */
export interface WelcomeContent {
  text: string
  attachments: Attachment[]
  /** Attachments left out because WeCom does not have their picture (any more): a welcome never waits for an upload. */
  leftOut: number
  channelCodeId: string | null
  staffName: string
  corpName: string
  customerName: string | null
  /** Whoever has one of these in his name is not greeted. */
  blockedWords: string[]
  /** Which of several wordings of the code this is, and since when they are tried. */
  trial: { variant: number; since: Date } | null
}

export interface Wanted {
  key: string
  externalUserid: string
  userid: string
  state: string | null
}

interface Row {
  key: string
  welcome: Welcome | null
  slots: WelcomeSlot[]
  variants: WelcomeVariant[]
  variantsSince: Date | null
  externalUserid: string
  blockedWords: string[]
  channelCodeId: string | null
  staffName: string | null
  corpName: string
  customerName: string | null
}
interface Asset {
  mediaAssetId: string
  sizeBytes: number
  wecomMediaId: string | null
  wecomMediaAt: Date | null
  wecomUrl: string | null
}

/**
 * What to tell these new friends: what the code says at this hour, by its state, else the corp’s default; missing in the answer: nothing.
 * Two statements for all of them.
 */
export async function loadContents(
  db: Db,
  corpId: string,
  wanted: Wanted[],
  now: Date,
): Promise<Map<string, WelcomeContent>> {
  return inCorp(db, corpId, async (tx) => {
    const { rows } = await sql<Row>`
      select w.key, coalesce(o.welcome, corp.default_welcome) as welcome, coalesce(o.welcome_slots, '[]') as slots, coalesce(o.welcome_variants, '[]') as variants, o.variants_since, w.external_userid, coalesce(o.blocked_words, '{}') as blocked_words, o.channel_code_id, s.name as staff_name, corp.name as corp_name, nullif(contact.name, '') as customer_name
      from unnest(${wanted.map((w) => w.key)}::text[], ${wanted.map((w) => w.externalUserid)}::text[], ${wanted.map((w) => w.userid)}::text[], ${wanted.map((w) => w.state)}::text[])
        as w(key, external_userid, userid, state)
      join corp on corp.corp_id = ${corpId}
      left join channel_code c on c.corp_id = ${corpId} and c.state = w.state
      left join channel_code o on o.corp_id = ${corpId} and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
      left join staff s on s.corp_id = ${corpId} and lower(s.userid) = lower(w.userid)
      left join contact_identity i on i.corp_id = ${corpId} and i.kind = 'external_userid' and i.value = w.external_userid
      left join contact on contact.corp_id = ${corpId} and contact.contact_id = i.contact_id`.execute(tx)
    const told = rows.map((row) => ({ ...row, ...chooseWelcome(row, now) }))
    const ids = told.flatMap((row) =>
      (row.welcome?.attachments ?? []).flatMap((a) => ('mediaAssetId' in a ? [a.mediaAssetId] : [])),
    )
    const assets =
      ids.length === 0
        ? []
        : await tx
            .selectFrom('mediaAsset')
            .select(['mediaAssetId', 'sizeBytes', 'wecomMediaId', 'wecomMediaAt', 'wecomUrl'])
            .where('corpId', '=', corpId)
            .where('mediaAssetId', 'in', [...new Set(ids)])
            .execute()
    const assetOf = new Map(assets.map((asset) => [asset.mediaAssetId, asset]))
    return new Map(
      told.flatMap(({ key, welcome, staffName, trial, channelCodeId, corpName, customerName, blockedWords }) => {
        if (!welcome) return []
        const attachments = (welcome.attachments ?? [])
          .map((attachment) => toWecom(attachment, assetOf, now))
          .filter((a) => a !== undefined)
        return [
          [
            key,
            {
              channelCodeId,
              corpName,
              customerName,
              blockedWords,
              trial,
              text: welcome.text ?? '',
              attachments,
              leftOut: (welcome.attachments ?? []).length - attachments.length,
              staffName: staffName ?? '',
            },
          ],
        ]
      }),
    )
  })
}

/** The hour's words, else the variant that is this customer's, else the code's, else the corp's. */
function chooseWelcome(row: Row, now: Date): Pick<WelcomeContent, 'trial'> & { welcome: Welcome | null } {
  const slot = row.slots.find((one) => isWithin(one, now))
  const { variants, variantsSince: since, channelCodeId } = row
  if (slot || variants.length === 0 || !since || !channelCodeId)
    return { welcome: slot?.welcome ?? row.welcome, trial: null }
  const weights = variants.map(({ weight }) => weight)
  const variant = variantOf(channelCodeId, row.externalUserid, weights)
  return { welcome: variants[variant]!.welcome, trial: { variant, since } }
}

function toWecom(attachment: WelcomeAttachment, assetOf: Map<string, Asset>, now: Date): Attachment | undefined {
  if (attachment.type === 'link') {
    const { title, url, desc, picurl } = attachment
    return { msgtype: 'link', link: { title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) } }
  }
  const asset = assetOf.get(attachment.mediaAssetId)
  const trusted =
    asset?.wecomMediaAt && now.getTime() - asset.wecomMediaAt.getTime() < MEDIA_TRUSTED_MS ? asset.wecomMediaId : null
  if (attachment.type === 'image') {
    if (asset?.wecomUrl && asset.sizeBytes <= LASTING_BYTES_MAX)
      return { msgtype: 'image', image: { pic_url: asset.wecomUrl } }
    return trusted ? { msgtype: 'image', image: { media_id: trusted } } : undefined
  }
  const { title, appid, page } = attachment
  return trusted ? { msgtype: 'miniprogram', miniprogram: { title, pic_media_id: trusted, appid, page } } : undefined
}
