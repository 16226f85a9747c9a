import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { aContext, aCorp, at, freshDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readFileBytes, storePicture } from './store.ts'

function aPicture(format: 'png' | 'jpeg', colour = '#0F766E'): Promise<Buffer> {
  const canvas = createCanvas(40, 30)
  const context = canvas.getContext('2d')
  context.fillStyle = colour
  context.fillRect(0, 0, 40, 30)
  return format === 'png' ? canvas.encode('png') : canvas.encode('jpeg')
}

test('IO-04: what is kept was drawn anew: nothing that was hidden behind the picture is in it', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  for (const format of ['png', 'jpeg'] as const) {
    const bytes = Buffer.concat([await aPicture(format), Buffer.from('<script>steal()</script>')])
    const asset = await storePicture(db.api, context.dataDir, corpId, { bytes, name: `../../海报.${format}`, now: at })
    const row = await inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('mediaAsset')
        .selectAll()
        .where('corpId', '=', corpId)
        .where('mediaAssetId', '=', asset.mediaAssetId)
        .executeTakeFirstOrThrow(),
    )
    const kept = await readFileBytes(context.dataDir, corpId, row)
    expect(kept.includes('steal')).toBe(false)
    const image = await loadImage(kept)
    expect([image.width, image.height, row.mime, row.sizeBytes]).toEqual([40, 30, `image/${format}`, kept.length])
    expect(asset.fileName).not.toMatch(/[/\\]/)
  }
})

test('the same picture twice is one file and one row; another corp’s is its own', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const store = async (corpId: string) =>
    (await storePicture(db.api, context.dataDir, corpId, { bytes: await aPicture('png'), name: '海报', now: at }))
      .mediaAssetId
  expect(await store(ours)).toBe(await store(ours))
  await store(theirs)
  expect(readdirSync(join(context.dataDir, 'media', ours))).toHaveLength(1)
  expect(readdirSync(join(context.dataDir, 'media', theirs))).toHaveLength(1)
})

test('IO-04: what is no PNG or JPEG by its bytes, is cut short, or would unfold beyond bounds is refused before it is unfolded', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  const refused = (bytes: Buffer) =>
    expect(storePicture(db.api, context.dataDir, corpId, { bytes, name: 'x', now: at })).rejects
  await refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')).toMatchObject({
    code: 'content.picture_unreadable',
  })
  await refused(Buffer.from('GIF89a')).toMatchObject({ code: 'content.picture_unreadable' })
  await refused(Buffer.alloc(0)).toMatchObject({ code: 'content.picture_unreadable' })
  await refused(Buffer.from('ffd8ffe000', 'hex')).toMatchObject({ code: 'content.picture_unreadable' })
  const bomb = Buffer.from(await aPicture('png'))
  bomb.writeUInt32BE(60_000, 16)
  bomb.writeUInt32BE(60_000, 20)
  await refused(bomb).toMatchObject({ code: 'content.picture_too_wide' })
  expect(
    await inCorp(db.api, corpId, (tx) =>
      tx.selectFrom('mediaAsset').selectAll().where('corpId', '=', corpId).execute(),
    ),
  ).toEqual([])
})
