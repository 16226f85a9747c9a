import { expect, test } from 'vitest'
import { aWorld, type Json, type TestWorld } from '../../test/world.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

async function upload(world: TestWorld, path: string, bytes: Uint8Array, name = 'a.png'): Promise<Json> {
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(bytes)]), name)
  const mark = path.includes('?') ? '&' : '?'
  const reply = await fetch(`${world.sim.url}/cgi-bin/${path}${mark}access_token=${await world.token()}`, {
    method: 'POST',
    body: form,
  })
  return (await reply.json()) as Json
}

const download = async (world: TestWorld, mediaId: unknown, headers: Record<string, string> = {}) =>
  fetch(`${world.sim.url}/cgi-bin/media/get?media_id=${mediaId}&access_token=${await world.token()}`, { headers })

test('what is uploaded comes back byte for byte, for three days of the world', async () => {
  await using world = await aWorld()
  const made = await upload(world, 'media/upload?type=image', PNG)
  expect(made).toMatchObject({ errcode: 0, type: 'image', created_at: expect.stringMatching(/^\d+$/) })
  const got = await download(world, made.media_id)
  expect(got.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await got.arrayBuffer())).toEqual(PNG)
  await world.control('POST', '/clock', { jumpSeconds: 3 * 24 * 3600 + 1 })
  expect(await (await download(world, made.media_id)).json()).toMatchObject({ errcode: 40007 })
})

test('the content decides, not the name', async () => {
  await using world = await aWorld()
  expect(await upload(world, 'media/upload?type=image', Buffer.from('not a picture'))).toMatchObject({ errcode: 40005 })
  expect(await upload(world, 'media/upload?type=video', PNG, 'a.mp4')).toMatchObject({ errcode: 40005 })
  expect(await upload(world, 'media/upload?type=file', Buffer.from('anything at all'), 'a.txt')).toMatchObject({
    errcode: 0,
  })
  expect(await upload(world, 'media/upload?type=movie', PNG)).toMatchObject({ errcode: 40004 })
  expect(await upload(world, 'media/upload?type=file', Buffer.from('12345'), 'a.txt')).toMatchObject({ errcode: 40006 })
})

test('size limits differ by kind', async () => {
  await using world = await aWorld()
  const voice = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(2 * 1024 * 1024)])
  expect(await upload(world, 'media/upload?type=voice', voice, 'a.amr')).toMatchObject({ errcode: 40006 })
  expect(await upload(world, 'media/upload?type=file', voice, 'a.amr')).toMatchObject({ errcode: 0 })
  const picture = Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)])
  expect(await upload(world, 'media/upload?type=image', picture)).toMatchObject({ errcode: 0 })
  expect(await upload(world, 'media/uploadimg', picture)).toMatchObject({ errcode: 40009 })
})

test('a range is answered with 206 and exactly those bytes', async () => {
  await using world = await aWorld()
  const made = await upload(world, 'media/upload?type=file', Buffer.from('0123456789'), 'a.txt')
  const part = await download(world, made.media_id, { range: 'bytes=2-4' })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
})

test('a picture from uploadimg has a lasting address and may be shown by it', async () => {
  await using world = await aWorld()
  const { url } = await upload(world, 'media/uploadimg', PNG)
  await world.control('POST', '/clock', { jumpSeconds: 400 * 24 * 3600 })
  expect(Buffer.from(await (await fetch(url as string)).arrayBuffer())).toEqual(PNG)
  const send = (pic_url: unknown) =>
    world.api('externalcontact/send_welcome_msg', {
      welcome_code: 'x',
      attachments: [{ msgtype: 'image', image: { pic_url } }],
    })
  expect(await send('https://elsewhere.example/a.png')).toMatchObject({ errcode: 40007 })
  expect(await send(url)).toMatchObject({ errcode: 41050 }) // the picture is fine, only the code is not
})
