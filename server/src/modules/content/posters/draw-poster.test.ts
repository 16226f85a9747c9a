import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { decodeQr } from '../../channels/qr/read-picture.ts'
import { Poster } from '../materials/schema.ts'
import { drawPoster, type PosterGiven } from './draw-poster.ts'

const slots = {
  客户称呼: '林姐',
  客户昵称: '林晚',
  成员姓名: '陈屿',
  部门: '静安寺店',
  企业简称: '见山',
  企业名称: '见山茶事',
}
const given: PosterGiven = {
  background: null,
  avatar: null,
  nickname: '陈屿',
  qrContent: 'https://work.weixin.qq.com/ca/abc',
  slots,
}
const QR = { type: 'qr', x: 700, y: 1200, width: 300, height: 300 }
const poster = (items: object[]) => Poster.parse({ width: 1080, height: 1620, colour: '#F4EFE6', items })

async function pixelsOf(bytes: Buffer) {
  const image = await loadImage(bytes)
  const canvas = createCanvas(image.width, image.height)
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.getContext('2d')
}

test('the code on a poster reads back, the face is where it was put, the text stays in its box', async () => {
  const avatar = createCanvas(60, 60)
  avatar.getContext('2d').fillStyle = '#FF0000'
  avatar.getContext('2d').fillRect(0, 0, 60, 60)
  const words = {
    type: 'text',
    x: 90,
    y: 300,
    width: 300,
    height: 120,
    text: '{企业简称}请您喝茶，'.repeat(20),
    size: 40,
    colour: '#000000',
  }
  const bytes = await drawPoster(poster([QR, { type: 'avatar', x: 90, y: 90, width: 120, height: 120 }, words]), {
    ...given,
    avatar: await avatar.encode('png'),
  })
  const context = await pixelsOf(bytes)
  const code = context.getImageData(690, 1190, 320, 320)
  expect(decodeQr(code.data, 320, 320)).toBe(given.qrContent)
  const [red, green] = context.getImageData(150, 150, 1, 1).data
  expect([red! > 240, green! < 30]).toEqual([true, true])
  const inked = (x: number, y: number, width: number, height: number) => {
    const { data } = context.getImageData(x, y, width, height)
    let dark = 0
    for (let i = 0; i < data.length; i += 4) if (data[i]! < 90) dark++
    return dark
  }
  expect(inked(90, 300, 300, 120)).toBeGreaterThan(500)
  expect([inked(400, 300, 300, 120), inked(90, 430, 300, 120)]).toEqual([0, 0])
})

test('a poster is drawn in a moment, and one that hangs over its edge is no poster', async () => {
  const background = createCanvas(1600, 2400)
  background.getContext('2d').fillRect(0, 0, 800, 1200)
  const bytes = await background.encode('jpeg')
  const whole = poster([
    QR,
    { type: 'avatar', x: 90, y: 90, width: 120, height: 120 },
    { type: 'nickname', x: 230, y: 120, width: 400, height: 60, size: 40, colour: '#1D2320' },
  ])
  await drawPoster(whole, { ...given, background: bytes })
  const times: number[] = []
  for (let i = 0; i < 7; i++) {
    const started = performance.now()
    await drawPoster(whole, { ...given, background: bytes })
    times.push(performance.now() - started)
  }
  const median = times.sort((a, b) => a - b)[3]!
  console.info(`a poster of 1080 × 1620 with a photograph behind it: ${Math.round(median)} ms`)
  expect(median).toBeLessThan(1_500)
  expect(Poster.safeParse({ width: 1080, height: 1620, items: [{ ...QR, x: 900 }] }).success).toBe(false)
})
