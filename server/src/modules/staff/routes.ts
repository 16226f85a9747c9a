import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { listCorps } from '../corps/service.ts'
import { NO_CORP } from './access.ts'
import { mayEnter } from './accounts.ts'
import { recordAudit, verifyAudit } from './audit.ts'
import { NoCorpYet, NotInCorp, ScanRefused } from './errors.ts'
import { registerFactorRoutes } from './factor-routes.ts'
import { registerOversightRoutes } from './oversight-routes.ts'
import { listAudit, listDepartments, listStaff } from './reads.ts'
import { refusalPage } from './refusal-page.ts'
import { registerRoleRoutes } from './role-routes.ts'
import { finishScan, startScan } from './scan-login.ts'
import {
  AuditPage,
  AuditQuery,
  AuditVerdict,
  ChangePassword,
  DepartmentView,
  OwnSession,
  Session,
  SignIn,
  SignInOptions,
  StaffList,
  StaffQuery,
  SwitchCorp,
} from './schema.ts'
import {
  closeSession,
  cookieName,
  cookieOptions,
  listSessions,
  openSession,
  revokeSessions,
  SIGN_IN_RATE,
} from './sessions.ts'
import { changePassword, signInWithPassword } from './sign-in.ts'

const STATE_COOKIE = 'siyu_scan'
const NOTHING = { 204: z.null(), '4xx': Problem }

export async function registerStaffRoutes(app: App, deps: RouteDeps): Promise<void> {
  registerSessions(app, deps)
  registerScan(app, deps)
  registerDirectory(app, deps)
  registerRoleRoutes(app, deps)
  registerFactorRoutes(app, deps)
  registerOversightRoutes(app, deps)
}

function registerSessions(app: App, { db, work, demo, adminLogin }: RouteDeps): void {
  const name = cookieName(work.publicUrl)
  const options = cookieOptions(work.publicUrl)

  app.get(
    '/api/sign-in',
    { config: { access: 'public' }, schema: { operationId: 'readSignIn', response: { 200: SignInOptions } } },
    async () => ({ corps: await listCorps(db), demo, login: demo ? adminLogin : null }),
  )

  app.post('/api/session', {
    config: { access: 'public', rateLimit: SIGN_IN_RATE },
    schema: { operationId: 'signIn', body: SignIn, response: NOTHING },
    async handler(request, reply) {
      const now = new Date()
      const { accountId, corpId } = await signInWithPassword({ db, vault: work.vault }, request.body, now)
      const maker = { accountId, corpId, ip: request.ip, userAgent: request.headers['user-agent'] }
      const value = await openSession(db, maker, now, { replaces: request.cookies[name] })
      if (corpId) {
        await inCorp(db, corpId, (tx) =>
          recordAudit(
            tx,
            { accountId, corpId, name: request.body.login, ip: request.ip, requestId: request.id },
            {
              action: 'session.open',
              kind: 'account',
              id: accountId,
              detail: { by: 'password' },
              at: work.clock.now(),
            },
          ),
        )
      }
      return reply.setCookie(name, value, options).code(204).send(null)
    },
  })

  app.get('/api/session', {
    config: { access: 'session' },
    schema: { operationId: 'readSession', response: { 200: Session, '4xx': Problem } },
    async handler({ actor }) {
      if (actor.corpId === NO_CORP) throw new NoCorpYet()
      const corps = await db
        .selectFrom('accountCorp')
        .innerJoin('corp', 'corp.corpId', 'accountCorp.corpId')
        .select(['corp.corpId', 'corp.name', 'corp.wecomCorpid', 'corp.simulated'])
        .where('accountId', '=', actor.accountId)
        .orderBy('corp.corpId')
        .execute()
      const corp = corps.find((c) => c.corpId === actor.corpId)
      if (!corp) throw new NotInCorp()
      return {
        accountId: actor.accountId,
        name: actor.name,
        role: actor.role,
        roleName: actor.roleName,
        permissions: [...actor.permissions],
        staffId: actor.staffId,
        viewing: actor.viewing,
        factorMissing: actor.factorMissing,
        corp,
        corps,
      }
    },
  })

  app.delete('/api/session', {
    config: { access: 'session' },
    schema: { operationId: 'signOut', response: NOTHING },
    async handler(request, reply) {
      await closeSession(db, request.cookies[name] ?? '', new Date())
      return reply.clearCookie(name, options).code(204).send(null)
    },
  })

  app.post('/api/session/corp', {
    config: { access: 'session' },
    schema: { operationId: 'switchCorp', body: SwitchCorp, response: NOTHING },
    async handler(request, reply) {
      const { accountId } = request.actor
      const { corpId } = request.body
      if (!(await mayEnter(db, accountId, corpId))) throw new NotInCorp()
      const maker = { accountId, corpId, ip: request.ip, userAgent: request.headers['user-agent'] }
      const value = await openSession(db, maker, new Date(), { replaces: request.cookies[name], sameSignIn: true })
      return reply.setCookie(name, value, options).code(204).send(null)
    },
  })

  app.put('/api/account/password', {
    config: { access: 'session', rateLimit: SIGN_IN_RATE },
    schema: { operationId: 'changePassword', body: ChangePassword, response: NOTHING },
    async handler({ actor, body, cookies }, reply) {
      const now = new Date()
      await changePassword(db, actor.accountId, body, now)
      await revokeSessions(db, actor.accountId, now, { allBut: cookies[name] ?? '' })
      if (actor.corpId !== NO_CORP) {
        await inCorp(db, actor.corpId, (tx) =>
          recordAudit(tx, actor, {
            action: 'account.change_password',
            kind: 'account',
            id: actor.accountId,
            detail: {},
            at: work.clock.now(),
          }),
        )
      }
      return reply.code(204).send(null)
    },
  })

  app.get(
    '/api/sessions',
    {
      config: { access: 'session' },
      schema: { operationId: 'listSessions', response: { 200: z.array(OwnSession), '4xx': Problem } },
    },
    async (request) => listSessions(db, request.actor.accountId, request.cookies[name] ?? '', new Date()),
  )
  app.delete('/api/sessions/:sessionKey', {
    config: { access: 'session' },
    schema: {
      operationId: 'revokeSession',
      params: z.object({ sessionKey: z.string().regex(/^[0-9a-f]{16}$/) }),
      response: NOTHING,
    },
    async handler({ actor, params }, reply) {
      await revokeSessions(db, actor.accountId, new Date(), { sessionKey: params.sessionKey })
      return reply.code(204).send(null)
    },
  })
}

function registerScan(app: App, { db, work }: RouteDeps): void {
  const { secure } = cookieOptions(work.publicUrl)
  const cookie = { path: '/api/session/wecom', httpOnly: true, sameSite: 'lax', secure, maxAge: 600 } as const
  const name = cookieName(work.publicUrl)

  app.get('/api/session/wecom/start', {
    config: { access: 'public', rateLimit: SIGN_IN_RATE },
    schema: { operationId: 'startScan', querystring: z.object({ corpId: Id }) },
    async handler({ query }, reply) {
      const { url, state } = await startScan(work, db, query.corpId, new Date())
      return reply.setCookie(STATE_COOKIE, state, cookie).redirect(url)
    },
  })
  app.get('/api/session/wecom/callback', {
    config: { access: 'public', rateLimit: SIGN_IN_RATE },
    schema: {
      operationId: 'finishScan',
      querystring: z.object({ code: z.string().min(1).max(512), state: z.string().regex(/^[0-9a-f]{48}$/) }),
    },
    async handler(request, reply) {
      const { code, state } = request.query
      const now = new Date()
      reply.clearCookie(STATE_COOKIE, cookie)
      try {
        const who = await finishScan(work, db, { code, state, cookieState: request.cookies[STATE_COOKIE] }, now)
        const maker = { ...who, ip: request.ip, userAgent: request.headers['user-agent'] }
        const value = await openSession(db, maker, now, { replaces: request.cookies[name] })
        await inCorp(db, who.corpId, (tx) =>
          recordAudit(
            tx,
            { ...who, ip: request.ip, requestId: request.id },
            {
              action: 'session.open',
              kind: 'account',
              id: who.accountId,
              detail: { by: 'scan' },
              at: work.clock.now(),
            },
          ),
        )
        return reply.setCookie(name, value, cookieOptions(work.publicUrl)).redirect('/')
      } catch (error) {
        // WeCom has sent a person's browser here, not a program: it gets a page, and the way back.
        if (!(error instanceof ScanRefused) || !request.headers.accept?.includes('text/html')) throw error
        return reply.code(error.status).type('text/html; charset=utf-8').send(refusalPage(error.message))
      }
    },
  })
}

function registerDirectory(app: App, { db }: RouteDeps): void {
  app.get('/api/staff', {
    config: { access: 'staff.read' },
    schema: {
      operationId: 'listStaff',
      querystring: StaffQuery,
      response: { 200: StaffList, '4xx': Problem },
    },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listStaff(tx, actor.corpId, query)),
  })
  app.get('/api/departments', {
    config: { access: 'staff.read' },
    schema: { operationId: 'listDepartments', response: { 200: z.array(DepartmentView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listDepartments(tx, actor.corpId)),
  })
  app.get('/api/audit/verdict', {
    config: { access: 'audit.read' },
    schema: { operationId: 'verifyAudit', response: { 200: AuditVerdict, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => verifyAudit(tx, actor.corpId)),
  })
  app.get('/api/audit', {
    config: { access: 'audit.read' },
    schema: {
      operationId: 'listAudit',
      querystring: AuditQuery,
      response: { 200: AuditPage, '4xx': Problem },
    },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listAudit(tx, actor.corpId, query)),
  })
}
