import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { NotAMember } from '../errors.ts'
import { readDuty, setDuty } from './duty.ts'
import { planOf, readRoster } from './read-roster.ts'
import { CheckRoster, Duty, NextScan, RosterPlan, SetDuty } from './schema.ts'

export function registerRosterRoutes(app: App, { db, work }: RouteDeps): void {
  app.post('/api/channel-codes/roster/check', {
    config: { access: 'channels.write' },
    schema: { operationId: 'checkRoster', body: CheckRoster, response: { 200: RosterPlan, '4xx': Problem } },
    handler: ({ actor, body }) =>
      inCorp(db, actor.corpId, (tx) => planOf(tx, actor.corpId, body.roster, work.clock.now())),
  })

  app.get('/api/channel-codes/:channelCodeId/roster', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'readRoster',
      params: z.object({ channelCodeId: Id }),
      response: { 200: z.object({ plan: RosterPlan.nullable(), next: NextScan }), '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readRoster(tx, actor.corpId, params.channelCodeId, work.clock.now())),
  })

  app.get('/api/duty', {
    config: { access: 'session' },
    schema: { operationId: 'readOwnDuty', response: { 200: Duty, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => readDuty(tx, actor.corpId, memberOf(actor), work.clock.now())),
  })

  const change = (actor: Actor, staffId: string, duty: SetDuty) =>
    inCorp(db, actor.corpId, async (tx) => {
      const now = work.clock.now()
      await setDuty(tx, actor.corpId, staffId, duty, { saidBy: actor.name, now })
      await recordAudit(tx, actor, {
        action: duty.onDuty ? 'duty.on' : 'duty.off',
        kind: 'staff',
        id: staffId,
        detail: duty.onDuty ? {} : { until: duty.until },
        at: now,
      })
      return readDuty(tx, actor.corpId, staffId, now)
    })

  app.put('/api/duty', {
    config: { access: 'session' },
    schema: { operationId: 'setOwnDuty', body: SetDuty, response: { 200: Duty, '4xx': Problem } },
    handler: ({ actor, body }) => change(actor, memberOf(actor), body),
  })

  const params = z.object({ staffId: Id })
  app.get('/api/staff/:staffId/duty', {
    config: { access: 'channels.read' },
    schema: { operationId: 'readDuty', params, response: { 200: Duty, '4xx': Problem } },
    handler: ({ actor, params: { staffId } }) =>
      inCorp(db, actor.corpId, (tx) => readDuty(tx, actor.corpId, staffId, work.clock.now())),
  })
  app.put('/api/staff/:staffId/duty', {
    config: { access: 'channels.write' },
    schema: { operationId: 'setDuty', params, body: SetDuty, response: { 200: Duty, '4xx': Problem } },
    handler: ({ actor, params: { staffId }, body }) => change(actor, staffId, body),
  })
}

/** An account of head office receives no customers. */
function memberOf({ staffId }: Actor): string {
  if (staffId === null) throw new NotAMember()
  return staffId
}
