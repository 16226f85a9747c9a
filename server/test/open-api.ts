import { createKey } from '../src/modules/openapi/keys.ts'
import type { NewApiKey } from '../src/modules/openapi/schema.ts'
import { inCorp } from '../src/platform/db.ts'
import { anActor } from './actor.ts'
import type { aWholeApp } from './whole-app.ts'
import { at, type TestDb } from './world.ts'

export const SHOP = 'https://shop.example.com'

/** A key of the corp, as its page makes one. */
export async function aKey(db: TestDb, corpId: string, kind: NewApiKey['kind']) {
  const given = kind === 'server' ? { kind, name: '商城' } : { kind, name: '官网', allowedOrigins: [SHOP] }
  return inCorp(db.api, corpId, (tx) => createKey(tx, anActor(corpId), given, at))
}

/** Calls as a server or a page of a corp does. */
export function aCaller(
  { app }: Awaited<ReturnType<typeof aWholeApp>>,
  key: string,
  headers: Record<string, string> = {},
) {
  const post = async (url: string, payload: unknown) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? {} : answer.json() }
  }
  return {
    post,
    collect: (batch: unknown, rest: object = {}) => post('/collect', { batch, ...rest }),
  }
}
