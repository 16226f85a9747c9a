import type { Tx } from '../../../../platform/db.ts'
import { appendEvents, type NewEvent } from '../../../events/journal.ts'
import { readMaterials } from '../../materials/read-material.ts'
import type { Forwarded } from './forwards.ts'
import type { Opening } from './take-beats.ts'

/** One event a view: by these keys it is found again. */
export const openedKey = (viewId: string): string => `radar opened ${viewId}`
const readKey = (viewId: string): string => `radar read ${viewId}`

interface Told {
  viewId: string
  materialId: string
  version: number
  staffId: string
  channel: string
  linkId: string
  readerId: string
  known: boolean
}

/** What rules and the timeline know a material by, at the time; as `content.sent` has it. */
async function aboutMaterials(tx: Tx, corpId: string, materialIds: readonly string[], now: Date) {
  const found = await readMaterials(tx, corpId, materialIds, now)
  return (materialId: string) => ({
    piece: 'material',
    pieceId: materialId,
    kind: found.get(materialId)?.kind ?? '',
    title: found.get(materialId)?.title ?? '',
  })
}

/** Whom WeCom has named is believed; a browser alone sets nothing off, and stays out of the feed of what people did. */
const worth = (known: boolean): Pick<NewEvent, 'source' | 'trusted'> =>
  known ? { source: 'landing', trusted: true } : { source: 'tracker', trusted: false }

export async function tellOpened(
  tx: Tx,
  corpId: string,
  openings: readonly (Opening & { readerId: string })[],
  forwards: readonly Forwarded[],
  now: Date,
): Promise<void> {
  if (openings.length === 0) return
  const about = await aboutMaterials(
    tx,
    corpId,
    openings.map((one) => one.materialId),
    now,
  )
  const known = new Set(openings.filter((one) => one.known).map((one) => one.readerId))
  await appendEvents(
    tx,
    corpId,
    [
      ...openings.map(
        ({ viewId, readerId, materialId, staffId, channel, linkId, ...one }): NewEvent => ({
          contactId: readerId,
          at: now,
          kind: 'content.opened',
          staffId,
          ...worth(one.known),
          props: { ...about(materialId), channel, linkId },
          key: openedKey(viewId),
        }),
      ),
      ...forwards.map(
        ({ fromId, toId, materialId, staffId, channel, linkId }): NewEvent => ({
          contactId: fromId,
          at: now,
          kind: 'content.forwarded',
          staffId,
          ...worth(known.has(toId)),
          props: { ...about(materialId), channel, linkId, toContactId: toId },
          key: `radar forwarded ${materialId} ${fromId} ${toId}`,
        }),
      ),
    ],
    now,
  )
}

export async function tellRead(
  tx: Tx,
  corpId: string,
  views: readonly (Told & { seconds: number; depth: number; pages: readonly number[]; endedAt: Date })[],
  now: Date,
): Promise<void> {
  if (views.length === 0) return
  const about = await aboutMaterials(
    tx,
    corpId,
    views.map((one) => one.materialId),
    now,
  )
  await appendEvents(
    tx,
    corpId,
    views.map(
      ({
        viewId,
        readerId,
        materialId,
        staffId,
        channel,
        linkId,
        known,
        seconds,
        depth,
        pages,
        endedAt,
      }): NewEvent => ({
        contactId: readerId,
        at: endedAt,
        kind: 'content.read',
        staffId,
        ...worth(known),
        props: {
          ...about(materialId),
          channel,
          linkId,
          seconds,
          depth,
          ...(pages.length > 0 ? { page: pages.length } : {}),
        },
        key: readKey(viewId),
      }),
    ),
    now,
  )
}
