import { ask } from './ask.ts'
import type { paths } from './schema.generated.ts'

export type Answer<
  P extends keyof paths,
  M extends keyof paths[P] = 'get',
  S extends number = 200,
> = paths[P][M] extends {
  responses: { [status in S]: { content: { 'application/json': infer A } } }
}
  ? A
  : never

const CUSTOMER = '/api/m/sidebar/{externalUserid}'
export type View = Answer<typeof CUSTOMER>
export type Mine = Extract<View, { is: 'mine' }>
export type Tag = Mine['tags'][number]
export type Flow = Mine['flows'][number]
export type Stage = Flow['stages'][number]
export type Line = Mine['timeline']['items'][number]
export type Order = Mine['orders'][number]
export type Lines = Answer<`${typeof CUSTOMER}/timeline`>
export type Orders = Answer<`${typeof CUSTOMER}/orders`>
export type TagNames = Answer<'/api/m/tag-names'>
export type Task = Mine['tasks'][number]
export type Sayings = Answer<`${typeof CUSTOMER}/sayings`>
export type Saying = Sayings['items'][number]
export type Outgoing = Answer<`${typeof CUSTOMER}/outgoing`, 'post'>
export type ChatMessage = Outgoing['messages'][number]
export type Found = Answer<'/api/m/library'>['items'][number]
export interface Piece {
  piece: Found['piece']
  id: string
}
export type Person = Answer<`${typeof CUSTOMER}/mentionable`>['items'][number]
export type Signature = Answer<'/api/m/jssdk'>

/** What the page asks and does about one customer, by WeCom's id of him. */
export const about = (externalUserid: string) => {
  const path = `/sidebar/${encodeURIComponent(externalUserid)}`
  const page = (before?: string) => (before ? `?before=${encodeURIComponent(before)}` : '')
  return {
    externalUserid,
    live: `/api/m${path}/live`,
    read: () => ask<View>('GET', path),
    timeline: (before?: string) => ask<Lines>('GET', `${path}/timeline${page(before)}`),
    orders: (before?: string) => ask<Orders>('GET', `${path}/orders${page(before)}`),
    tag: (change: { add?: string[]; remove?: string[] }) => ask<void>('POST', `${path}/tags`, change),
    move: (to: { stageId: string; reason?: string; lostReasonId?: string }) =>
      ask<{ stayId: string }>('POST', `${path}/stages`, to),
    undoMove: (stayId: string) => ask<void>('DELETE', `${path}/stages/${stayId}`),
    note: (text: string, mentions: string[]) => ask<{ noteId: string }>('POST', `${path}/notes`, { text, mentions }),
    editNote: (noteId: string, text: string, mentions: string[]) =>
      ask<void>('PATCH', `${path}/notes/${noteId}`, { text, mentions }),
    mentionable: (q: string) => ask<{ items: Person[] }>('GET', `${path}/mentionable?q=${encodeURIComponent(q)}`),
    search: (q: string, limit: number) =>
      ask<{ items: Found[] }>(
        'GET',
        `/library?q=${encodeURIComponent(q)}&limit=${limit}&to=${encodeURIComponent(externalUserid)}`,
      ),
    sayings: () => ask<Sayings>('GET', `${path}/sayings`),
    outgoing: ({ piece, id }: Piece) => ask<Outgoing>('POST', `${path}/outgoing`, { piece, id }),
    sent: ({ piece, id }: Piece, { version, key, at }: Outgoing) =>
      ask<unknown>('POST', `${path}/sent`, { piece, id, version, key, at }),
    followUp: (title: string, dueAt: string) => ask<{ taskId: string }>('POST', `${path}/tasks`, { title, dueAt }),
    remark: (remark: string) => ask<{ before: string }>('PUT', `${path}/remark`, { remark }),
  }
}
export type About = ReturnType<typeof about>
/** Whom pieces are found for and sent to: a customer, or a group. */
export type Recipient = Pick<About, 'search' | 'outgoing' | 'sent'>

export const endTask = (taskId: string, as: 'done' | 'cancelled' = 'done') =>
  ask<void>('POST', `/tasks/${taskId}/end`, { as })
export const reopenTask = (taskId: string) => ask<void>('POST', `/tasks/${taskId}/reopen`)
export const readTagNames = () => ask<TagNames>('GET', '/tag-names')
export const sign = (url: string) => ask<Signature>('GET', `/jssdk?url=${encodeURIComponent(url)}`)
