import { createCallbackCipher } from '@siyu/wecom/crypto'
import { expect, test } from 'vitest'
import { aCompanyToConnect, freePort, stepOf } from '../../../../test/set-up-corp.ts'
import { freshDb, testVault } from '../../../../test/world.ts'
import { readCallbackSettings } from '../service.ts'

test('the page hears of WeCom’s check of the address, and of what was mistyped there; a refusal does not outlive a success', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const state = async () => stepOf(await corp.setup(), 'callback')
  expect(await state()).toBe('waiting')
  expect(await corp.saveReceiver({ token: 'mistyped' })).toMatchObject({ code: 'receiver.refused' })
  expect(await state()).toBe('refused signature')
  expect(await corp.saveReceiver({ encodingAesKey: 'B'.repeat(43) })).toMatchObject({ code: 'receiver.refused' })
  expect(await state()).toBe('refused key')
  expect(await corp.saveReceiver()).toMatchObject({ verified: true })
  expect(await state()).toBe('done')
})

test('an address WeCom cannot reach is never heard of: the page goes on waiting', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  await company.faults({ where: 'callback', kind: 'unreachable' })
  expect(await corp.saveReceiver()).toMatchObject({
    code: 'receiver.refused',
    message: expect.stringContaining('连不上'),
  })
  expect(stepOf(await corp.setup(), 'callback')).toBe('waiting')
})

test('our own call of the address shows that it answers, and is not taken for WeCom’s', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const found = await corp.check()
  expect([found.address?.refusal, stepOf(found, 'callback')]).toEqual([null, 'waiting'])
  company.there.work.publicUrl = company.world.sim.url // something answers there, but not we
  expect((await corp.check()).address).toMatchObject({ refusal: 'stranger', detail: 'HTTP 404' })
  company.there.work.publicUrl = `http://127.0.0.1:${await freePort()}`
  expect((await corp.check()).address).toMatchObject({ refusal: 'network', detail: 'ECONNREFUSED' })
  company.there.work.publicUrl = company.world.sim.url.replace('http:', 'https:')
  expect((await corp.check()).address?.refusal).toBe('tls')
})

test('a private address is said to be one when WeCom is out on the internet', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  company.there.work.wecomBaseUrl = 'https://wecom.invalid'
  expect((await corp.check()).address?.refusal).toBe('local_address')
})

test('a signed check with an old time is the clock’s fault, not the keys’', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const { url, token, encodingAesKey } = await readCallbackSettings(
    db.api,
    testVault,
    `http://127.0.0.1:${company.port}`,
    corp.corpId,
  )
  const cipher = createCallbackCipher({ token, encodingAesKey, receiveId: company.world.corp.corpid })
  const echostr = cipher.encrypt('123')
  const knock = async (ageS: number) => {
    const timestamp = String(Math.floor(Date.now() / 1000) - ageS)
    const query = new URLSearchParams({
      msg_signature: cipher.sign(timestamp, 'n', echostr),
      timestamp,
      nonce: 'n',
      echostr,
    })
    const { status } = await fetch(`${url}?${query}`)
    return [status, stepOf(await corp.setup(), 'callback')]
  }
  expect(await knock(310)).toEqual([403, 'refused clock'])
  expect(await knock(290)).toEqual([200, 'done'])
})

test('the trusted domain is ours, another, or none; its proof is served to whoever asks for that one file', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  expect(stepOf(await corp.setup(), 'domain')).toBe('todo')
  await company.options({ trustedDomains: ['127.0.0.1'] }) // the port is part of it
  expect(stepOf(await corp.check(), 'domain')).toBe('refused domain')
  await company.options({ trustedDomains: [`127.0.0.1:${company.port}`] })
  expect(stepOf(await corp.check(), 'domain')).toBe('done')

  const file = (proof: string) => fetch(`http://127.0.0.1:${company.port}/WW_verify_${proof}.txt`)
  expect((await file('AbCd1234efGH5678')).status).toBe(404)
  expect((await corp.saveProof('WW_verify_AbCd1234efGH5678.txt')).status).toBe(200)
  expect(await (await file('AbCd1234efGH5678')).text()).toBe('AbCd1234efGH5678')
  expect((await file('AbCd1234efGH5679')).status).toBe(404)
  expect((await corp.saveProof('../../etc/passwd')).status).toBe(400)
})
