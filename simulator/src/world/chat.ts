import type { Corp } from './corp.ts'
import { requireFollow } from './known.ts'
import type { Message } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/**
 * Single chats cause no callback in WeCom: a company learns of them through the session archive alone.
 * They are kept so that both phones show one conversation.
 */
export function customerSays(world: World, corp: Corp, userid: string, externalUserid: string, text: string): Message {
  requireFollow(corp, userid, externalUserid)
  return say(world, corp, { userid, externalUserid, from: 'customer', kind: 'text', text })
}

export function staffSays(
  world: World,
  corp: Corp,
  userid: string,
  externalUserid: string,
  text: string,
  rich: Pick<Message, 'kind' | 'content'> = { kind: 'text' },
): Message {
  requireFollow(corp, userid, externalUserid)
  return say(world, corp, { userid, externalUserid, from: 'staff', text, ...rich })
}

/** Somebody who sits in a group says something into it: as little of a callback as a single chat. */
export function groupSays(
  world: World,
  corp: Corp,
  { chatId, id, text }: { chatId: string; id: string; text: string },
  rich: Pick<Message, 'kind' | 'content'> = { kind: 'text' },
): Message {
  const member = corp.groups.get(chatId)?.members.find((it) => it.id.toLowerCase() === id.toLowerCase())
  if (!member) throw new Refusal('group.not_in', '不在群里')
  const from = member.type === 1 ? 'staff' : 'customer'
  return say(world, corp, { userid: chatId, externalUserid: chatId, speaker: member.id, from, text, ...rich })
}

/** The grey line both phones show; nobody said it. */
export function noteMessage(
  world: World,
  corp: Corp,
  pair: { userid: string; externalUserid: string },
  text: string,
  note: Message['note'],
): void {
  say(world, corp, {
    userid: pair.userid,
    externalUserid: pair.externalUserid,
    from: 'system',
    kind: 'note',
    text,
    note,
  })
}

export function say(world: World, corp: Corp, message: Omit<Message, 'seq' | 'at'> & { at?: number }): Message {
  const said: Message = { ...message, seq: corp.nextSequence(), at: message.at ?? world.clock.seconds() }
  corp.addMessage(said)
  const { userid, externalUserid } = message
  world.wire.tell({ type: 'message', corpid: corp.info.corpid, userid, externalUserid })
  return said
}

/** The chats of a member's inbox, the latest first. */
export function inboxOf(
  corp: Corp,
  userid: string,
  limit: number,
): { externalUserid: string; last: Message; count: number }[] {
  const chats: { externalUserid: string; last: Message; count: number }[] = []
  for (const messages of corp.conversations()) {
    const last = messages.at(-1)
    if (last && last.userid.toLowerCase() === userid.toLowerCase()) {
      chats.push({ externalUserid: last.externalUserid, last, count: messages.length })
    }
  }
  chats.sort((a, b) => b.last.at - a.last.at || b.last.seq - a.last.seq)
  return chats.slice(0, limit)
}
