import { readAttachments } from '../api/attachments.ts'
import type { Platform } from '../api/endpoint.ts'
import type { Body } from '../api/params.ts'
import { groupSays, staffSays } from '../world/chat.ts'
import type { Corp } from '../world/corp.ts'
import type { Message } from '../world/records.ts'

/** What `sendChatMessage` is given: path/90493, 2026-11. */
export interface ChatMessage {
  msgtype: 'text' | 'image' | 'video' | 'file' | 'news' | 'miniprogram'
  text?: { content: string }
  image?: { mediaid: string }
  video?: { mediaid: string }
  file?: { mediaid: string }
  news?: { link: string; title?: string; desc?: string; imgUrl?: string }
  miniprogram?: { appid: string; title?: string; imgUrl?: string; page: string }
}

/** What the member is about to send, as both phones will show it. Refuses media that are unknown or past their three days. */
export function readChatMessage(
  { world }: Platform,
  corp: Corp,
  message: ChatMessage,
): Pick<Message, 'kind' | 'text' | 'content'> {
  const { msgtype, text, news, miniprogram } = message
  if (msgtype === 'text') return { kind: 'text', text: text?.content ?? '' }
  if (msgtype === 'news' && news) {
    const { link: url, title = url, desc, imgUrl } = news
    return { kind: 'link', text: title, content: { title, desc, url, picurl: imgUrl } }
  }
  if (msgtype === 'miniprogram' && miniprogram) {
    const { title = '小程序' } = miniprogram
    return { kind: 'miniprogram', text: title, content: { ...miniprogram, title } }
  }
  const media_id = message[msgtype as 'image' | 'video' | 'file']?.mediaid
  const [attachment] = readAttachments(world, corp, [{ msgtype, [msgtype]: { media_id } } as Body])
  // Phones show what they were sent; the platform itself hands temporary media to nobody by an address.
  const pic_url = `/control/corps/${corp.info.corpid}/media/${media_id}`
  return {
    kind: attachment!.kind,
    text: attachment!.text,
    content: { ...attachment!.content, ...(msgtype === 'image' && { pic_url }) },
  }
}

/** To a customer, or into a group. */
export type SentTo = { externalUserid: string } | { chatId: string }

export function sendChatMessage(
  platform: Platform,
  corp: Corp,
  userid: string,
  to: SentTo,
  message: ChatMessage,
): Message {
  const { text, ...rich } = readChatMessage(platform, corp, message)
  if ('chatId' in to) return groupSays(platform.world, corp, { chatId: to.chatId, id: userid, text }, rich)
  return staffSays(platform.world, corp, userid, to.externalUserid, text, rich)
}
