import type { Caller, CallOptions } from '../call.ts'
import type { Agent } from '../types.ts'

export function agentEndpoints(call: Caller, agentId: number) {
  return {
    /** The app itself. 301002: the secret opens another app than this agentid. */
    get(options?: CallOptions): Promise<Agent> {
      const endpoint = { api: 'agent/get', method: 'GET', idempotent: true, query: { agentid: agentId } } as const
      return call<Agent>({ ...endpoint, reply: { agentid: 'number', name: 'string' } }, options)
    },
  }
}
