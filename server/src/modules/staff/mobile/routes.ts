import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { DomainError } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../audit.ts'
import { mobileRefusal } from '../refusal-page.ts'
import { WecomCorpid } from '../schema.ts'
import { cookieOptions } from '../sessions.ts'
import { STATE_COOKIE, sendToSignIn } from './pages.ts'
import { mobileCookie, openMobileSession } from './sessions.ts'
import { finishMobileSignIn, stateCookie } from './sign-in.ts'

/** A shop full of phones comes from one address. */
const ENTER_RATE = { max: 600, timeWindow: '1 minute' }

const Enter = z.object({
  corp: WecomCorpid,
  kind: z.enum(['member', 'customer']),
  /** A path of a mobile page of ours. */
  to: z.string().max(1_000),
})

/** Signing in inside WeCom and WeChat: silently, and back to the page one wanted. */
export function registerMobileSignIn(app: App, { db, work }: RouteDeps): void {
  app.get('/api/m/enter', {
    config: { access: 'public', rateLimit: ENTER_RATE },
    schema: { operationId: 'enterMobile', querystring: Enter },
    handler: ({ query }, reply) =>
      sendToSignIn({ work, db }, reply, { wecomCorpid: query.corp, kind: query.kind, target: query.to }),
  })
  app.get('/api/m/oauth', {
    config: { access: 'public', rateLimit: ENTER_RATE },
    schema: {
      operationId: 'finishMobileSignIn',
      querystring: z.object({ code: z.string().min(1).max(512), state: z.string().regex(/^[0-9a-f]{48}$/) }),
    },
    async handler(request, reply) {
      const { code, state } = request.query
      const now = new Date()
      const name = stateCookie(state)
      reply.clearCookie(name, STATE_COOKIE).header('cache-control', 'no-store')
      try {
        const signed = await finishMobileSignIn(work, db, { code, state, cookieState: request.cookies[name] }, now)
        const cookie = mobileCookie(work.publicUrl, signed.kind)
        const maker = { ...signed, ip: request.ip, userAgent: request.headers['user-agent'] }
        const value = await openMobileSession(db, maker, now, { replaces: request.cookies[cookie] })
        if (signed.kind === 'member') {
          const { corpId, accountId, name: actor } = signed
          await inCorp(db, corpId, (tx) =>
            recordAudit(
              tx,
              { accountId, corpId, name: actor, ip: request.ip, requestId: request.id },
              { action: 'session.open', kind: 'account', id: accountId, detail: { by: 'wecom' }, at: work.clock.now() },
            ),
          )
        }
        return reply.setCookie(cookie, value, cookieOptions(work.publicUrl)).redirect(signed.target)
      } catch (error) {
        // WeCom has sent a person's browser here, not a program: it gets a page.
        if (!(error instanceof DomainError) || !request.headers.accept?.includes('text/html')) throw error
        return reply.code(error.status).type('text/html; charset=utf-8').send(mobileRefusal(error.message))
      }
    },
  })
}
