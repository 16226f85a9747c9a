import { ImportRefused } from './sender.ts'

export interface SignIn {
  login: string
  password: string
  /** Of the corp the key is to be of. */
  wecomCorpid: string
}

/** Signs in as an administrator and makes a key of the corp, which `revoke` ends again. */
export async function makeKey(url: string, { wecomCorpid, ...signIn }: SignIn) {
  const cookies: string[] = []
  const ask = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(url + path, {
      method,
      headers: { cookie: cookies.join('; '), ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    })
    if (!reply.ok) {
      const { message } = (await reply.json()) as { message: string }
      throw new ImportRefused(`${message}（也可以到「设置 → 开放接口」建一个服务端密钥，放进 SIYU_KEY。）`)
    }
    const given = reply.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]!)
    if (given.length > 0) cookies.splice(0, cookies.length, ...given)
    return reply.status === 204 ? undefined : reply.json()
  }
  await ask('POST', '/api/session', signIn)
  const { corps } = (await ask('GET', '/api/session')) as { corps: { corpId: string; wecomCorpid: string }[] }
  const corp = corps.find((one) => one.wecomCorpid === wecomCorpid)
  if (!corp) throw new ImportRefused(`企业 ${wecomCorpid} 还没有接入，或这个账号进不去。接入并读完客户后再导入。`)
  await ask('POST', '/api/session/corp', { corpId: corp.corpId })
  const made = (await ask('POST', '/api/openapi/keys', { kind: 'server', name: '导入行为数据' })) as {
    keyId: string
    key: string
  }
  return {
    key: made.key,
    async revoke() {
      await ask('DELETE', `/api/openapi/keys/${made.keyId}`)
      await ask('DELETE', '/api/session')
    },
  }
}
