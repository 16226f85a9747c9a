import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

/** How the public data set UserBehavior calls what people did, and what the catalogue calls it. */
export const KINDS = {
  pv: 'product.viewed',
  cart: 'cart.added',
  fav: 'favourite.added',
  buy: 'product.bought',
} as const
export type Behaviour = keyof typeof KINDS

export interface Row {
  user: string
  item: string
  category: string
  behaviour: Behaviour
  atSeconds: number
}

const ROW = /^(\d{1,15}),(\d{1,15}),(\d{1,15}),(pv|cart|fav|buy),(\d{9,11})$/

/** The rows of a `user,item,category,behaviour,unix seconds` file, packed or not; undefined for a line that is none. */
export async function* readRows(path: string): AsyncGenerator<Row | undefined> {
  const file = createReadStream(path)
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // A pipe passes no errors on: a missing file must fail the reader, not hang it.
  if (input !== file) file.on('error', (error) => input.destroy(error))
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const [, user, item, category, behaviour, seconds] = ROW.exec(line) ?? []
    if (line === '') continue
    yield seconds === undefined ? undefined : ({ user, item, category, behaviour, atSeconds: Number(seconds) } as Row)
  }
}

/** A row as `/collect` takes it. Its id is what it says, so that it is the same message in every import. */
export const messageOf = ({ user, item, category, behaviour, atSeconds }: Row) => ({
  type: 'track',
  event: KINDS[behaviour],
  messageId: `taobao ${user} ${item} ${category} ${behaviour} ${atSeconds}`,
  at: new Date(atSeconds * 1000).toISOString(),
  ids: { member: user },
  properties: { productNo: item, category },
})
