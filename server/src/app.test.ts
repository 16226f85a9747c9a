import { expect, test } from 'vitest'
import { aContext, aCorp, at, freshDb, testLog, testVault } from '../test/world.ts'
import { type AppDeps, createApp } from './app.ts'
import { createReceiverFinder } from './modules/corps/service.ts'
import { createIntake } from './modules/events/intake.ts'
import { createLiveHub } from './modules/events/live.ts'
import { ROLES, type Role } from './modules/staff/schema.ts'
import { openSession } from './modules/staff/sessions.ts'
import { openPools } from './platform/db.ts'
import { createListener } from './platform/listen.ts'

const ALL = [...ROLES]
const NOT_STAFF: Role[] = ['admin', 'operator', 'manager', 'compliance']
const NOT_AUDITOR: Role[] = ['admin', 'operator', 'manager', 'staff']
const OPERATORS: Role[] = ['admin', 'operator']

/** Who may call what, said again by hand: what each route declares is held against this, and a new route fails until somebody has thought of it. */
const MAY: Readonly<Record<string, readonly Role[] | 'everybody'>> = {
  'GET /wecom/callback/{key}': 'everybody',
  'GET /healthz': 'everybody',
  'GET /readyz': 'everybody',
  'GET /api/sign-in': 'everybody',
  'POST /api/session': 'everybody',
  'GET /api/session/wecom/start': 'everybody',
  'GET /api/session/wecom/callback': 'everybody',
  'GET /api/session': ALL,
  'DELETE /api/session': ALL,
  'POST /api/session/corp': ALL,
  'PUT /api/account/password': ALL,
  'GET /api/sessions': ALL,
  'DELETE /api/sessions/{sessionKey}': ALL,
  'GET /api/staff': ALL,
  'PUT /api/staff/{staffId}/role': ['admin'],
  'GET /api/departments': ALL,
  'GET /api/audit': ['admin', 'compliance'],
  'GET /api/audit/verdict': ['admin', 'compliance'],
  'GET /api/corp': NOT_STAFF,
  'POST /api/corps': ['admin'],
  'PUT /api/corp/credentials': ['admin'],
  'GET /api/corp/callback': ['admin'],
  'GET /api/health': NOT_STAFF,
  'POST /api/health/check': OPERATORS,
  'POST /api/health/failures/{failureId}/replay': OPERATORS,
  'GET /api/timeline': ALL,
  'GET /api/live': ALL,
  'GET /api/contacts/{contactId}/live': ALL,
  'GET /api/home': ALL,
  'GET /api/contacts': ALL,
  'GET /api/contacts/count': ALL,
  'GET /api/contacts/export.csv': OPERATORS,
  'GET /api/contacts/export.xlsx': OPERATORS,
  'GET /api/contacts/{contactId}': ALL,
  'GET /api/contacts/by-external/{externalUserid}': ALL,
  'GET /api/contacts/{contactId}/timeline': ALL,
  'GET /api/contacts/{contactId}/neighbours': ALL,
  'POST /api/contacts/{contactId}/notes': NOT_AUDITOR,
  'PATCH /api/contacts/{contactId}/notes/{noteId}': NOT_AUDITOR,
  'PUT /api/contacts/{contactId}/fields': NOT_AUDITOR,
  'GET /api/losses': ALL,
  'GET /api/duplicates': ALL,
  'GET /api/contact-fields': ALL,
  'POST /api/contact-fields': OPERATORS,
  'PUT /api/contact-fields/order': OPERATORS,
  'PATCH /api/contact-fields/{contactFieldId}': OPERATORS,
  'DELETE /api/contact-fields/{contactFieldId}': OPERATORS,
  'GET /api/contact-views': ALL,
  'POST /api/contact-views': NOT_AUDITOR,
  'PUT /api/contact-views/order': NOT_AUDITOR,
  'PATCH /api/contact-views/{contactViewId}': NOT_AUDITOR,
  'DELETE /api/contact-views/{contactViewId}': NOT_AUDITOR,
  'GET /api/sync': NOT_STAFF,
  'POST /api/sync': OPERATORS,
  'POST /api/sync/cancel': OPERATORS,
  'GET /api/tag-groups': ALL,
  'POST /api/tag-groups': OPERATORS,
  'PUT /api/tag-groups/order': OPERATORS,
  'PATCH /api/tag-groups/{tagGroupId}': OPERATORS,
  'DELETE /api/tag-groups/{tagGroupId}': OPERATORS,
  'POST /api/tags': OPERATORS,
  'PATCH /api/tags/{tagId}': OPERATORS,
  'DELETE /api/tags/{tagId}': OPERATORS,
  'POST /api/tag-groups/sync': OPERATORS,
  'POST /api/contacts/{contactId}/tags': NOT_AUDITOR,
  'GET /api/bulk-runs': NOT_AUDITOR,
  'POST /api/bulk-runs': NOT_AUDITOR,
  'POST /api/bulk-runs/{bulkRunId}/cancel': NOT_AUDITOR,
  'POST /api/bulk-runs/{bulkRunId}/undo': NOT_AUDITOR,
  'POST /api/imports': OPERATORS,
  'GET /api/imports/{bulkRunId}/rejected.csv': OPERATORS,
  'GET /api/channel-codes': ALL,
  'POST /api/channel-codes': OPERATORS,
  'POST /api/channel-codes/adopt': OPERATORS,
  'GET /api/channel-codes/{channelCodeId}': ALL,
  'PATCH /api/channel-codes/{channelCodeId}': OPERATORS,
  'POST /api/channel-codes/{channelCodeId}/archive': OPERATORS,
  'POST /api/channel-codes/{channelCodeId}/restore': OPERATORS,
  'GET /api/channel-codes/{channelCodeId}/stats': ALL,
  'GET /api/channel-codes/{channelCodeId}/qr.png': ALL,
  'GET /api/channel-codes/{channelCodeId}/qr.svg': ALL,
  'GET /api/welcome': ALL,
  'PUT /api/welcome': OPERATORS,
  'POST /api/media': OPERATORS,
  'GET /api/media/{mediaAssetId}': ALL,
}

test('AC-02: every route of the contract, tried by every role and by nobody, lets in exactly whom it should', async () => {
  await using db = await freshDb()
  await using there = await aServer(db)
  const corpId = await aCorp(db)
  const { paths } = there.app.swagger() as { paths: Record<string, Record<string, unknown>> }
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(routes.sort()).toEqual(Object.keys(MAY).sort())

  const wrong: string[] = []
  for (const [route, may] of Object.entries(MAY)) {
    for (const role of [undefined, ...ROLES]) {
      const { status, code } = await there.knock(route, role && (await there.signedIn(corpId, role)))
      // A handler that got as far as refusing what it was given (400, 404, 409) did let the caller in.
      const letIn = code !== 'platform.sign_in_required' && code !== 'platform.not_allowed'
      const expected = may === 'everybody' || (role !== undefined && may.includes(role))
      if (letIn !== expected || (status >= 500 && route !== 'GET /readyz'))
        wrong.push(`${route} as ${role ?? 'nobody'}: ${status} ${code}`)
    }
  }
  expect(wrong).toEqual([])
})

/** The whole HTTP server as the program builds it, with WeCom out of reach. */
async function aServer(db: Awaited<ReturnType<typeof freshDb>>) {
  const work = aContext(db)
  const pools = openPools(db.url, { api: 4, intake: 2, work: 2 })
  const listener = await createListener(db.url, testLog)
  const live = createLiveHub({ db: pools.api, listener, log: testLog })
  const intake = createIntake(pools.intake, testVault)
  const app = await createApp({
    db: pools.api,
    work,
    demo: false,
    adminLogin: 'admin',
    listener,
    live,
    intake,
    findReceiver: createReceiverFinder(db.api, testVault).find,
    onConnected: async () => undefined,
    checks: {},
    trustedProxies: 0,
    secureCookies: false,
  } satisfies AppDeps)
  await app.ready()
  return {
    app,
    async knock(route: string, cookie = '') {
      const [method, path] = route.split(' ') as ['GET', string]
      const url = path
        .replace('{sessionKey}', '0'.repeat(16))
        .replace('{externalUserid}', 'wmnobody')
        .replaceAll(/\{\w+\}/g, '999999')
      const payload = method === 'GET' ? undefined : {}
      // As a stream: the live routes answer and never end.
      const answer = await app.inject({ method, url, headers: { cookie }, payload, payloadAsStream: true })
      const body = answer.stream()
      const json = String(answer.headers['content-type']).startsWith('application/json')
      let text = ''
      if (json) for await (const chunk of body) text += String(chunk)
      body.destroy()
      const said = JSON.parse(text || 'null') as { code?: string } | null
      return { status: answer.statusCode, code: said?.code ?? '' }
    },
    async signedIn(corpId: string, role: Role) {
      const { accountId } = await db.api
        .insertInto('account')
        .values({ name: role, createdAt: at })
        .returning('accountId')
        .executeTakeFirstOrThrow()
      await db.api.insertInto('accountCorp').values({ accountId, corpId, role, staffId: null }).execute()
      const maker = { accountId, corpId, ip: '127.0.0.1', userAgent: 'test' }
      return `siyu_session=${await openSession(db.api, maker, new Date())}`
    },
    async [Symbol.asyncDispose]() {
      live.stop()
      await app.close()
      await intake.stop()
      await listener.stop()
      await pools.stop()
      await work[Symbol.asyncDispose]()
    },
  }
}
