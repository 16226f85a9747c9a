import { createHash, randomBytes } from 'node:crypto'
import { type CallbackCipher, createCallbackCipher } from '@siyu/wecom/crypto'
import { createCorp, readCallbackSettings } from '../../server/src/modules/corps/service.ts'
import { systemClock } from '../../server/src/platform/clock.ts'
import { openPools } from '../../server/src/platform/db.ts'
import { migrate } from '../../server/src/platform/migrate.ts'
import { createVault } from '../../server/src/platform/secrets.ts'
import { packRequests, type Requests } from './load.ts'

/** A root key for benches; servers get it as SIYU_ROOT_KEY. */
export const BENCH_ROOT_KEY = createHash('sha256').update('bench').digest('hex')

/** A corp straight in the database, with what a sender needs to call its receiver. */
export async function seedCorp(
  databaseUrl: string,
  given: { wecomCorpid?: string; secret?: string } = {},
): Promise<{
  corpId: string
  wecomCorpid: string
  path: string
  cipher: CallbackCipher
  token: string
  encodingAesKey: string
}> {
  await migrate(databaseUrl)
  const pools = openPools(databaseUrl, { api: 2, intake: 1, work: 1 })
  const vault = createVault(Buffer.from(BENCH_ROOT_KEY, 'hex'))
  const wecomCorpid = given.wecomCorpid ?? `ww${randomBytes(8).toString('hex')}`
  const corpId = await createCorp(pools.api, vault, {
    name: 'bench',
    wecomCorpid,
    agentId: 1000002,
    simulated: true,
    now: systemClock.now(),
    setBy: 'bench',
    credentials: { app_secret: given.secret ?? randomBytes(16).toString('hex') },
  })
  const { url, token, encodingAesKey } = await readCallbackSettings(pools.api, vault, '', corpId)
  await pools.stop()
  return {
    corpId,
    wecomCorpid,
    path: url,
    token,
    encodingAesKey,
    cipher: createCallbackCipher({ token, encodingAesKey, receiveId: wecomCorpid }),
  }
}

/** Complete HTTP requests, each a different genuine callback. */
export function makeCallbacks(
  corp: { wecomCorpid: string; path: string; cipher: CallbackCipher },
  count: number,
): Requests {
  const timestamp = String(Math.floor(Date.now() / 1000))
  return packRequests(count, (i) => {
    const plain = `<xml><ToUserName><![CDATA[${corp.wecomCorpid}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${1_700_000_000 + i}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[edit_external_contact]]></ChangeType><UserID><![CDATA[zhouxiaoman]]></UserID><ExternalUserID><![CDATA[wm${randomBytes(15).toString('hex')}]]></ExternalUserID></xml>`
    const encrypted = corp.cipher.encrypt(plain)
    const nonce = i.toString(36)
    const body = `<xml><ToUserName><![CDATA[${corp.wecomCorpid}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
    const query = `msg_signature=${corp.cipher.sign(timestamp, nonce, encrypted)}&timestamp=${timestamp}&nonce=${nonce}`
    return `POST ${corp.path}?${query} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/xml\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  })
}
