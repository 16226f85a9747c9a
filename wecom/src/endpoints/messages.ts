import type { Caller, CallOptions } from '../call.ts'
import type { AppMessage, AppMessageReceipt, WelcomeMessage } from '../types.ts'

export function welcomeEndpoints(call: Caller) {
  return {
    /**
     * Sends a welcome, in the welcome lane unless told otherwise. The code lives 20 s and works once: 41050 expired or
     * used, 41051 already chatting, 41096 another app is sending. Never repeat an `unknown` outcome.
     */
    async send(message: WelcomeMessage, options?: CallOptions): Promise<void> {
      const endpoint = { api: 'externalcontact/send_welcome_msg', method: 'POST', idempotent: false } as const
      await call({ ...endpoint, body: message }, { lane: 'welcome', ...options })
    },
  }
}

export function messageEndpoints(call: Caller, agentId: number) {
  return {
    /** Sends to members of the corp. Some recipients may be refused though it succeeds: read the receipt. */
    send(message: AppMessage, options?: CallOptions): Promise<AppMessageReceipt> {
      const endpoint = { api: 'message/send', method: 'POST', idempotent: false } as const
      return call<AppMessageReceipt>({ ...endpoint, body: { ...message, agentid: agentId } }, options)
    },
  }
}
