import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { NO_CORP } from './access.ts'
import { recordAudit } from './audit.ts'
import { NoPassword } from './errors.ts'
import { Factors, StepUp, TotpBegun, TotpCode, TotpConfirmed } from './schema.ts'
import { cookieName, cookieOptions, openSession, SIGN_IN_RATE } from './sessions.ts'
import { proveWithPassword } from './sign-in.ts'
import { beginTotp, confirmTotp, endTotp, readFactors } from './totp.ts'

/** Showing once more that it is him, and the second factor of one's own account. */
export function registerFactorRoutes(app: App, { db, work }: RouteDeps): void {
  const name = cookieName(work.publicUrl)
  const audit = async (actor: Actor, action: string) => {
    if (actor.corpId === NO_CORP) return
    const entry = { action, kind: 'account', id: actor.accountId, detail: {}, at: work.clock.now() }
    await inCorp(db, actor.corpId, (tx) => recordAudit(tx, actor, entry))
  }

  app.post('/api/session/step-up', {
    config: { access: 'session', rateLimit: SIGN_IN_RATE },
    schema: { operationId: 'stepUp', body: StepUp, response: { 204: z.null(), '4xx': Problem } },
    async handler(request, reply) {
      const { actor, body } = request
      const now = new Date()
      await proveWithPassword({ db, vault: work.vault }, actor.accountId, body, now)
      const corpId = actor.corpId === NO_CORP ? null : actor.corpId
      const maker = { accountId: actor.accountId, corpId, ip: request.ip, userAgent: request.headers['user-agent'] }
      const value = await openSession(db, maker, now, {
        replaces: request.cookies[name],
        sameSignIn: true,
        proved: true,
      })
      return reply.setCookie(name, value, cookieOptions(work.publicUrl)).code(204).send(null)
    },
  })

  app.get('/api/account/factors', {
    config: { access: 'session' },
    schema: { operationId: 'readFactors', response: { 200: Factors, '4xx': Problem } },
    handler: ({ actor }) => readFactors(db, actor.accountId),
  })
  app.post('/api/account/totp', {
    config: { access: 'session', stepUp: true },
    schema: { operationId: 'beginTotp', response: { 200: TotpBegun, '4xx': Problem } },
    async handler({ actor }) {
      const account = await db
        .selectFrom('account')
        .select('login')
        .where('accountId', '=', actor.accountId)
        .where('passwordHash', 'is not', null)
        .executeTakeFirst()
      if (!account?.login) throw new NoPassword()
      return beginTotp(db, work.vault, { accountId: actor.accountId, login: account.login })
    },
  })
  app.put('/api/account/totp', {
    config: { access: 'session', stepUp: true, rateLimit: SIGN_IN_RATE },
    schema: { operationId: 'confirmTotp', body: TotpCode, response: { 200: TotpConfirmed, '4xx': Problem } },
    async handler({ actor, body }) {
      const recoveryCodes = await confirmTotp(db, work.vault, actor.accountId, body.code, new Date())
      await audit(actor, 'account.totp_on')
      return { recoveryCodes }
    },
  })
  app.delete('/api/account/totp', {
    config: { access: 'session', stepUp: true },
    schema: { operationId: 'endTotp', response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor }, reply) {
      await endTotp(db, actor.accountId)
      await audit(actor, 'account.totp_off')
      return reply.code(204).send(null)
    },
  })
}
