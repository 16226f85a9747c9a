import type { WireEntry } from '../../../src/wire.ts'

/** A builder for tests: a call that went well, unless told otherwise. */
export function anEntry(given: Partial<WireEntry>): WireEntry {
  return {
    id: 1,
    at: 0,
    realAt: 0,
    corpid: 'ww1',
    direction: 'call',
    api: 'externalcontact/get',
    sentence: '读取客户详情',
    result: 'ok',
    ok: true,
    ms: 5,
    ...given,
  }
}
