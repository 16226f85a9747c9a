import { z } from 'zod'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { NotFound, Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { memberAccess, surpasses } from './access.ts'
import { recordAudit } from './audit.ts'
import { NotYoursToSee, ThatIsYou } from './errors.ts'
import { OwnSession, SignInRules } from './schema.ts'
import { cookieName, listSessions, revokeSessions } from './sessions.ts'
import { readSignInRules, saveSignInRules } from './sign-in-rules.ts'
import { findMember, type Member, viewAs } from './view-as.ts'

const StaffParams = z.object({ staffId: Id })
const DONE = { 204: z.null(), '4xx': Problem }

/** What those who answer for a corp do about its sign-ins: rules, sessions of members, looking as one of them. */
export function registerOversightRoutes(app: App, { db, work }: RouteDeps): void {
  const cookie = cookieName(work.publicUrl)
  const audit = (tx: Tx, actor: Actor, action: string, { staffId, name }: { staffId: string; name: string }) =>
    recordAudit(tx, actor, { action, kind: 'staff', id: staffId, detail: { name }, at: work.clock.now() })

  app.get('/api/sign-in-rules', {
    config: { access: 'staff.write' },
    schema: { operationId: 'readSignInRules', response: { 200: SignInRules, '4xx': Problem } },
    handler: ({ actor }) => readSignInRules(db, actor.corpId),
  })
  app.put('/api/sign-in-rules', {
    config: { access: 'roles.write', stepUp: true },
    schema: { operationId: 'saveSignInRules', body: SignInRules, response: DONE },
    async handler({ actor, body }, reply) {
      await saveSignInRules(db, actor, body, work.clock.now())
      return reply.code(204).send(null)
    },
  })

  app.get('/api/staff/:staffId/sessions', {
    config: { access: 'staff.write' },
    schema: {
      operationId: 'listStaffSessions',
      params: StaffParams,
      response: { 200: z.array(OwnSession), '4xx': Problem },
    },
    async handler({ actor, params }) {
      const accountId = await accountOfMember(db, actor.corpId, params.staffId)
      return accountId ? listSessions(db, accountId, '', new Date(), actor.corpId) : []
    },
  })
  app.delete('/api/staff/:staffId/sessions', {
    config: { access: 'staff.write' },
    schema: { operationId: 'endStaffSessions', params: StaffParams, response: DONE },
    async handler({ actor, params }, reply) {
      const member = await requireLesser(db, actor, params.staffId)
      const accountId = await accountOfMember(db, actor.corpId, member.staffId)
      await inCorp(db, actor.corpId, async (tx) => {
        if (accountId) await revokeSessions(tx, accountId, new Date(), { corpId: actor.corpId })
        await audit(tx, actor, 'staff.end_sessions', member)
      })
      return reply.code(204).send(null)
    },
  })

  app.post('/api/session/view-as', {
    config: { access: 'staff.write', stepUp: true },
    schema: { operationId: 'viewAs', body: StaffParams, response: DONE },
    async handler({ actor, body, cookies }, reply) {
      const member = await requireLesser(db, actor, body.staffId)
      await inCorp(db, actor.corpId, (tx) => audit(tx, actor, 'session.view_as', member))
      await viewAs(db, cookies[cookie] ?? '', member.staffId, new Date())
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/session/view-as', {
    config: { access: 'session' },
    schema: { operationId: 'endViewAs', response: DONE },
    async handler({ actor, cookies }, reply) {
      const { viewing } = actor
      await viewAs(db, cookies[cookie] ?? '', null, new Date())
      if (viewing) await inCorp(db, actor.corpId, (tx) => audit(tx, actor, 'session.view_as_end', viewing))
      return reply.code(204).send(null)
    },
  })
}

/** A member who may do and see nothing that the actor may not. */
async function requireLesser(db: Db, actor: Actor, staffId: string): Promise<Member> {
  const member = await inCorp(db, actor.corpId, (tx) => findMember(tx, actor.corpId, staffId))
  if (staffId === actor.staffId) throw new ThatIsYou()
  if (!member) throw new NotFound({ what: '成员' })
  if (!surpasses(actor, await memberAccess(db, actor.corpId, member))) throw new NotYoursToSee()
  return member
}

async function accountOfMember(db: Db, corpId: string, staffId: string): Promise<string | undefined> {
  const row = await inCorp(db, corpId, (tx) =>
    tx
      .selectFrom('staff')
      .leftJoin('accountCorp', (j) =>
        j.onRef('accountCorp.corpId', '=', 'staff.corpId').onRef('accountCorp.staffId', '=', 'staff.staffId'),
      )
      .select('accountCorp.accountId')
      .where('staff.corpId', '=', corpId)
      .where('staff.staffId', '=', staffId)
      .executeTakeFirst(),
  )
  if (!row) throw new NotFound({ what: '成员' })
  return row.accountId ?? undefined
}
