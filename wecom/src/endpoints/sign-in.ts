import { type Caller, type CallOptions, requireThat } from '../call.ts'
import type { SignedInUser, SignedInUserDetail } from '../types.ts'

export interface OauthParts {
  corpId: string
  agentId: number
  authorizeOrigin: string
  loginOrigin: string
}

/** `state` as WeCom takes it: document path 91022, 2026-11. */
const STATE = /^[a-zA-Z0-9]{0,128}$/

export function oauthEndpoints(call: Caller, { corpId, agentId, authorizeOrigin, loginOrigin }: OauthParts) {
  return {
    /**
     * Where to send a browser inside WeCom. `state`: at most 128 letters and digits. The host of `redirectUri` must
     * equal a trusted domain, port included (50001). The code that comes back works once within 5 minutes.
     */
    authorizeUrl(request: {
      redirectUri: string
      state: string
      scope?: 'snsapi_base' | 'snsapi_privateinfo'
    }): string {
      requireThat(STATE.test(request.state), 'state must be at most 128 letters and digits')
      const url = new URL('/connect/oauth2/authorize', authorizeOrigin)
      url.search = new URLSearchParams({
        appid: corpId,
        redirect_uri: request.redirectUri,
        response_type: 'code',
        scope: request.scope ?? 'snsapi_base',
        state: request.state,
        agentid: String(agentId),
      }).toString()
      url.hash = 'wechat_redirect'
      return url.href
    },

    /** Where to send a desktop browser to scan a code. The code that comes back is consumed by `userInfo` too. */
    webLoginUrl(request: { redirectUri: string; state: string; lang?: 'zh' | 'en' }): string {
      requireThat(STATE.test(request.state), 'state must be at most 128 letters and digits')
      const url = new URL('/wwlogin/sso/login', loginOrigin)
      url.search = new URLSearchParams({
        login_type: 'CorpApp',
        appid: corpId,
        agentid: String(agentId),
        redirect_uri: request.redirectUri,
        state: request.state,
        lang: request.lang ?? 'zh',
      }).toString()
      return url.href
    },

    /** Consumes a code. 40029, 42003, 42022: bad, expired, used. `unknown` outcome: start over, the code may be gone. */
    userInfo(code: string, options?: CallOptions): Promise<SignedInUser> {
      return call({ api: 'auth/getuserinfo', method: 'GET', idempotent: false, query: { code } }, options)
    },

    /** What the member agreed to show. 84014, 84015: the ticket is past its 1800 s or wrong. */
    userDetail(user_ticket: string, options?: CallOptions): Promise<SignedInUserDetail> {
      const endpoint = { api: 'auth/getuserdetail', method: 'POST', idempotent: true } as const
      return call({ ...endpoint, body: { user_ticket }, reply: { userid: 'string' } }, options)
    },
  }
}
