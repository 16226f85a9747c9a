import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { film, nasty, picture, TYPES, word, zip } from '../../../../test/nasty-files.ts'
import { aContext, aCorp, at, freshDb, testLog } from '../../../../test/world.ts'
import { drawLeaflet } from '../../../demo-covers.ts'
import { addPageGuards, createHttp } from '../../../platform/http.ts'
import type { Actor } from '../../corps/context.ts'
import { registerFileRoutes } from './routes.ts'
import { storeFile } from './store.ts'

test('IO-04: 50 nasty uploads: what is not wholly a picture, a film, a PDF, an Office file or a text is refused, and nothing is kept', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  const all = await nasty()
  expect(all.length).toBeGreaterThanOrEqual(50)
  const before = process.memoryUsage().rss
  const taken: string[] = []
  for (const [i, [name, bytes]] of all.entries())
    await storeFile(db.api, context.dataDir, corpId, { bytes, name, now: at }).then(
      () => taken.push(`${i} ${name}`),
      (error) => {
        if (!/^content\.(file_refused|picture_)/.test(error.code)) taken.push(`${i} ${name}: ${error}`)
      },
    )
  expect(taken).toEqual([])
  expect(await db.owner.selectFrom('mediaAsset').selectAll().execute()).toEqual([])
  expect(() => readdirSync(join(context.dataDir, 'media'))).toThrow()
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
})

test('what is good is kept as it is, named by what its bytes are, and goes out as a file to keep, never to be run', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
  await addPageGuards(app)
  app.decorateRequest('actor')
  app.addHook('onRequest', async (request) => {
    request.actor = { corpId, permissions: [] } as unknown as Actor
  })
  await registerFileRoutes(app, { db: db.api, work: context, demo: false, adminLogin: '' })
  const good: [name: string, bytes: Buffer, fileName: string, kind: string][] = [
    ['茶单.pdf', drawLeaflet([{ title: '茶单', ink: 'green', lines: ['一'] }]), '茶单.pdf', 'file'],
    ['报价.doc', await word(), '报价.doc.docx', 'file'],
    [
      '../../名单.xlsx',
      await zip({ '[Content_Types].xml': TYPES, 'xl/workbook.xml': '<x/>' }),
      '.._.._名单.xlsx',
      'file',
    ],
    ['讲义.pptx', await zip({ '[Content_Types].xml': TYPES, 'ppt/presentation.xml': '<p/>' }), '讲义.pptx', 'file'],
    ['说明.txt', Buffer.from('泡茶三步\n水温八十度'), '说明.txt', 'file'],
    ['国标.txt', Buffer.from([0xb2, 0xe8, 0xd2, 0xb6, 0xb2, 0xe8, 0xd2, 0xb6]), '国标.txt', 'file'],
    ['片子.mov', film(), '片子.mov.mp4', 'video'],
    ['图', await picture('jpeg'), '图.jpg', 'image'],
  ]
  for (const [name, bytes, fileName, kind] of good) {
    const made = await app.inject({
      method: 'POST',
      url: `/api/media?name=${encodeURIComponent(name)}`,
      payload: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect([name, made.statusCode, made.json()]).toMatchObject([name, 201, { fileName, kind }])
    const shown = await app.inject(made.json<{ url: string }>().url)
    expect(shown.headers['x-content-type-options']).toBe('nosniff')
    expect(shown.headers['content-disposition']).toMatch(kind === 'image' ? /^inline/ : /^attachment/)
    if (kind !== 'image') {
      expect(shown.headers['content-security-policy']).toContain('sandbox')
      expect(shown.rawPayload.equals(bytes)).toBe(true)
    }
  }
  await app.close()
})
