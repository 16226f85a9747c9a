import { ask } from './ask.ts'
import type { Answer, Found, Outgoing, Piece, Recipient } from './sidebar.ts'

const CHAT = '/api/m/sidebar/chats/{chatId}'
export type ChatView = Answer<typeof CHAT>

/** What the page asks and does about a group, by WeCom's id of it. */
export const intoChat = (chatId: string) => {
  const path = `/sidebar/chats/${encodeURIComponent(chatId)}`
  return {
    read: () => ask<ChatView>('GET', path),
    search: (q: string, limit: number) =>
      ask<{ items: Found[] }>('GET', `/library?q=${encodeURIComponent(q)}&limit=${limit}`),
    outgoing: ({ piece, id }: Piece) => ask<Outgoing>('POST', `${path}/outgoing`, { piece, id }),
    sent: ({ piece, id }: Piece, { version, key, at }: Outgoing) =>
      ask<unknown>('POST', `${path}/sent`, { piece, id, version, key, at }),
  } satisfies Recipient & Record<string, unknown>
}
