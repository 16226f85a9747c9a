import { createCanvas, loadImage } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { drawQrPng, drawQrSvg } from '../../../platform/draw-qr.ts'
import { decodeQr } from './read-picture.ts'

const contents = [
  'https://work.weixin.qq.com/u/vcf3c1a6c8b0d94d1e8f5f0c6b1a2d3e4f?v=5.0',
  'https://siyu.example.com/c/Ab3_-xYz90Q',
]

async function read(picture: Buffer, side?: number): Promise<string | undefined> {
  const image = await loadImage(picture)
  const [width, height] = side ? [side, side] : [image.width, image.height]
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0, width, height)
  return decodeQr(context.getImageData(0, 0, width, height).data, width, height)
}

test.each([128, 200, 333, 480, 1024, 2048])(
  'a code drawn %i pixels wide reads back as what it should say, with our mark and without',
  async (size) => {
    for (const content of contents) {
      for (const logo of [true, false]) {
        const png = await drawQrPng(content, { size, logo })
        const image = await loadImage(png)
        expect([image.width, image.height]).toEqual([size, size])
        expect(await read(png)).toBe(content)
      }
    }
  },
)

test('the SVG reads back too, and has the mark only when asked for', async () => {
  for (const logo of [true, false]) {
    const svg = drawQrSvg(contents[0]!, { size: 480, logo })
    expect(await read(Buffer.from(svg), 600)).toBe(contents[0])
    expect(svg.includes('#0F766E')).toBe(logo)
  }
})

test('a margin of four modules stays white around the code', async () => {
  const image = await loadImage(await drawQrPng(contents[0]!, { size: 480, logo: true }))
  const canvas = createCanvas(480, 480)
  canvas.getContext('2d').drawImage(image, 0, 0)
  const { data } = canvas.getContext('2d').getImageData(0, 0, 480, 480)
  const dark = (x: number, y: number) => data[(y * 480 + x) * 4]! < 128
  let first = 480
  for (let y = 0; y < 480; y++) for (let x = 0; x < first; x++) if (dark(x, y)) first = x
  let end = first
  while (end < 480 && dark(end, first)) end++ // the finder’s edge is seven modules long
  expect(first).toBeGreaterThanOrEqual(Math.floor(((end - first) / 7) * 4))
})
