import { createCanvas } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { aSimulatedCorp } from '../../../../test/simulated-corp.ts'
import { at, freshDb } from '../../../../test/world.ts'
import { drawLeaflet } from '../../../demo-covers.ts'
import { standingClock } from '../../../platform/clock.ts'
import { inCorp } from '../../../platform/db.ts'
import { NewMaterial, type Said } from '../materials/schema.ts'
import { createMaterial, withdrawMaterials } from '../materials/write.ts'
import { createGroup } from '../scripts/groups.ts'
import { createScript } from '../scripts/write.ts'
import { mediaIdOf, readSendables, refreshMedia } from './refresh.ts'
import { storeFile } from './store.ts'

const HOUR_MS = 3_600_000
const WRITER = { accountId: '1', name: '周岚' }

test('what materials and scripts in use hold is with WeCom at every hour, as what it is; what nobody may send is not', async () => {
  await using db = await freshDb()
  const clock = standingClock(at)
  await using corp = await aSimulatedCorp(db, { clock })
  const { corpId, context } = corp
  const picture = async (colour: string) => {
    const canvas = createCanvas(20, 20)
    canvas.getContext('2d').fillStyle = colour
    canvas.getContext('2d').fillRect(0, 0, 20, 20)
    return canvas.encode('png')
  }
  const keep = async (bytes: Buffer, name: string) =>
    (await storeFile(db.api, context.dataDir, corpId, { bytes, name, now: at })).mediaAssetId
  const ids = {
    image: await keep(await picture('#f00'), '图'),
    pdf: await keep(drawLeaflet([{ title: '册', ink: 'green', lines: [] }]), '册.pdf'),
    cover: await keep(await picture('#0f0'), '封面'),
    script: await keep(await picture('#00f'), '话术图'),
    draft: await keep(await picture('#ff0'), '草稿图'),
    gone: await keep(await picture('#0ff'), '下架图'),
    over: await keep(await picture('#f0f'), '过期图'),
  }
  const run = <T>(work: Parameters<typeof inCorp<T>>[2]) => inCorp(db.api, corpId, work)
  const make = (said: Said, more: object = { publish: true }) =>
    run((tx) => createMaterial(tx, corpId, NewMaterial.parse({ said, ...more }), WRITER, at))
  const image = (fileId: string): Said => ({
    kind: 'image',
    title: '图',
    summary: '',
    coverId: null,
    content: { fileId },
  })
  await make(image(ids.image))
  await make({ kind: 'pdf', title: '册', summary: '', coverId: ids.cover, content: { fileId: ids.pdf } })
  await make(image(ids.draft), {})
  await make(image(ids.over), { publish: true, validUntil: new Date(at.getTime() + HOUR_MS).toISOString() })
  const gone = await make(image(ids.gone))
  await run((tx) => withdrawMaterials(tx, corpId, [gone], at))
  const viewer = { staffId: null, departments: [], writes: true }
  const scriptGroupId = await run((tx) => createGroup(tx, corpId, 'corp', { name: '组', scopeDepartments: null }, at))
  const script = {
    scriptGroupId,
    title: '话',
    keywords: [],
    parts: [{ type: 'image' as const, fileId: ids.script }],
    stageIds: [],
    isQuick: false,
  }
  await run((tx) => createScript(tx, corpId, 'corp', script, WRITER, viewer, at))

  clock.move(2 * HOUR_MS)
  await corp.world.control('POST', '/clock', { jumpSeconds: 2 * 3600 })
  expect(await refreshMedia(context, corpId)).toBe(4)
  expect(await refreshMedia(context, corpId)).toBe(0)
  const had = async () => {
    const all = await run((tx) => readSendables(tx, corpId, Object.values(ids), clock.now()))
    return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, all.get(id)!]))
  }
  const first = await had()
  expect(
    Object.entries(first)
      .filter(([, one]) => one.mediaId)
      .map(([name]) => name),
  ).toEqual(['image', 'pdf', 'cover', 'script'])
  expect([first.pdf!.kind, first.cover!.url?.startsWith('http'), first.image!.url]).toEqual(['file', true, null])

  // A week, looked at every four hours: WeCom never meets a number it has forgotten.
  const wecom = await context.wecom(corpId)
  let uploads = 0
  for (let hour = 0; hour < 7 * 24; hour += 4) {
    clock.move(4 * HOUR_MS)
    await corp.world.control('POST', '/clock', { jumpSeconds: 4 * 3600 })
    uploads += await refreshMedia(context, corpId)
    const now = await had()
    for (const name of ['image', 'pdf', 'cover', 'script'])
      expect((await wecom.media.get(now[name]!.mediaId!)).bytes.length).toBeGreaterThan(0)
  }
  expect(uploads).toBeLessThanOrEqual(4 * 3)
  // What is asked for at the moment of sending is uploaded there and then.
  const asked = await mediaIdOf(context, corpId, ids.draft)
  expect((await wecom.media.get(asked)).bytes.length).toBeGreaterThan(0)
  expect(await mediaIdOf(context, corpId, ids.draft)).toBe(asked)
})
