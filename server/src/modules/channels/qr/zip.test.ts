import { execFileSync } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import { aCorp, aStaff, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { createPlacements } from '../placements/service.ts'
import { NewChannelCode, ZipQuery } from '../schema.ts'
import { createChannelCode } from '../service.ts'
import { decodeQr } from './read-picture.ts'
import { readPrinted, zipCodes } from './zip.ts'

const PUBLIC = 'https://siyu.example.com'

/** Every file of a zip, by name, as an independent reader finds them. */
async function unzip(zip: Buffer): Promise<Map<string, Buffer>> {
  const file = await yauzl.fromBufferPromise(zip)
  const found = new Map<string, Buffer>()
  for await (const entry of file.eachEntry()) {
    expect(found.has(entry.fileName)).toBe(false)
    found.set(entry.fileName, await buffer(await file.openReadStreamPromise(entry)))
  }
  return found
}

async function says(png: Buffer): Promise<string | undefined> {
  const image = await loadImage(png)
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  return decodeQr(context.getImageData(0, 0, image.width, image.height).data, image.width, image.height)
}

async function aCode(db: TestDb, corpId: string, staffId: string, name: string, groupName = ''): Promise<string> {
  const code = NewChannelCode.parse({ name, staffIds: [staffId], groupName })
  const id = await inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, code, { createdBy: '1', now: at }))
  await sql`update channel_code set config_id = ${`w${id}`}, qr_content = ${`https://work.weixin.qq.com/u/vc${id}`} where channel_code_id = ${id}`.execute(
    db.owner,
  )
  return id
}
const zipOf = async (db: TestDb, corpId: string, query: object) =>
  unzip(
    await buffer(
      zipCodes(
        await inCorp(db.api, corpId, (tx) => readPrinted(tx, corpId, ZipQuery.parse({ size: 480, ...query }), PUBLIC)),
        480,
      ),
    ),
  )
const pictures = (files: Map<string, Buffer>) => [...files].filter(([name]) => name.endsWith('.png'))

test('each picture in the zip reads back as its own code; a folder, picked ones and placements are told apart, another corp’s are not had', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const staffId = await aStaff(db, corpId, { name: '艾米' })
  const [first, second, other] = [
    await aCode(db, corpId, staffId, '静安寺店', '门店'),
    await aCode(db, corpId, staffId, '静安寺店', '门店'),
    await aCode(db, corpId, staffId, '外卖卡'),
  ]
  const foreign = await aCode(db, theirs, await aStaff(db, theirs), '别家', '门店')
  const said = async (query: object) =>
    Promise.all(pictures(await zipOf(db, corpId, query)).map(([, png]) => says(png)))
  const way = (id: string) => `https://work.weixin.qq.com/u/vc${id}`
  expect(await said({ group: '门店' })).toEqual([way(first), way(second)])
  expect(await said({ codes: [other, first, foreign].join() })).toEqual([way(first), way(other)])
  expect(await said({ codes: first, landing: '1' })).toEqual([
    expect.stringMatching(/^https:\/\/siyu\.example\.com\/c\/[\w-]+$/),
  ])
  await expect(said({ codes: foreign })).rejects.toMatchObject({ code: 'channels.no_codes_to_print' })

  const place = { kind: 'print' as const, costFen: 0, startsOn: null, endsOn: null }
  await inCorp(db.api, corpId, (tx) =>
    createPlacements(
      tx,
      corpId,
      first,
      [
        { ...place, name: '台卡' },
        { ...place, name: '收银台' },
      ],
      { createdBy: null, now: at },
    ),
  )
  await sql`update channel_code set qr_content = 'https://work.weixin.qq.com/u/counter' where name = '台卡'`.execute(
    db.owner,
  )
  const files = await zipOf(db, corpId, { placementsOf: first })
  expect(pictures(files).map(([name]) => name)).toEqual(['1 静安寺店-台卡.png'])
  expect(files.get('清单.csv')!.toString()).toContain('"","静安寺店","收银台","艾米","企业微信还没有建好，稍后再下"')
})

test('IO-06: names that would climb out, run, turn around or calculate are only names', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId, { name: '=cmd|calc' })
  const names = [
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '=1+1',
    'C:\\con',
    '\u202Egnp.exe',
    '...',
    'a\u0007b',
    '🍵龘'.repeat(10),
  ]
  const ids: string[] = []
  for (const name of names) ids.push(await aCode(db, corpId, staffId, name))
  const files = await zipOf(db, corpId, { codes: ids.join() })
  const found = pictures(files).map(([name]) => name)
  expect(found).toHaveLength(names.length)
  expect(found.slice(0, 7)).toEqual([
    '1 .._.._etc_passwd.png',
    '2 _script_alert(1)__script_.png',
    '3 =1+1.png',
    '4 C__con.png',
    '5 gnp.exe.png',
    '6 活码.png',
    '7 ab.png',
  ])
  const list = files.get('清单.csv')!.toString()
  expect(list).toContain(`"'=1+1"`)
  expect(list).toContain(`"'=cmd|calc"`)
  for (const [nr, [, png]] of pictures(files).entries())
    expect(await says(png)).toBe(`https://work.weixin.qq.com/u/vc${ids[nr]}`)
})

test('the caption is drawn in a font that has Chinese, whatever the machine has', async () => {
  // A machine without fonts: two different characters a font lacks are drawn as the same box.
  const draw = `import { drawCaptioned } from ${JSON.stringify(new URL('draw-captioned.ts', import.meta.url).href)}
    const draw = (title) => drawCaptioned({ content: 'https://a', title, line: '', size: 480 })
    process.stdout.write(JSON.stringify((await Promise.all(['艾', '米', '艾'].map(draw))).map((png) => png.toString('base64'))))`
  const [one, two, again] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', draw], {
      env: { ...process.env, FONTCONFIG_FILE: '/dev/null', FONTCONFIG_PATH: '/nowhere' },
      encoding: 'utf8',
    }),
  ) as string[]
  expect(one).toBe(again)
  expect(one).not.toBe(two)
})

test('of a thousand codes no more is drawn than is taken', async () => {
  const codes = Array.from({ length: 1_000 }, (_, nr) => ({
    name: `码${nr}`,
    placementName: '',
    staff: [],
    content: `https://work.weixin.qq.com/u/${nr}`,
  }))
  const zip = zipCodes(codes, 480)
  await sleep(1_500) // time for a hundred of them
  expect(zip.readableLength).toBeGreaterThan(5_000)
  expect(zip.readableLength).toBeLessThan(100_000)
  zip.destroy()
})
