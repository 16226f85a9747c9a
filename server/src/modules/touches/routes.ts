import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Day, Id } from '../../platform/id.ts'
import { dayCount } from '../../platform/shanghai.ts'
import { Text } from '../../platform/text.ts'
import { requireContact } from '../contacts/read-profile.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { requireWholeCorp } from '../segments/service.ts'
import { recordAudit } from '../staff/audit.ts'
import { readBudgets } from './budget.ts'
import { readTouchDays } from './calendar.ts'
import { agree, lift, listRefusals, readAgreements, readTexts, refuse, withdraw, writeText } from './consent.ts'
import { SpanTooLong } from './errors.ts'
import { readPolicy, savePolicy } from './policy.ts'
import { replay } from './replay.ts'
import {
  AgreementTextView,
  NewAgreement,
  NewAgreementText,
  NewRefusal,
  Policy,
  PolicyView,
  RefusalView,
  Replay,
  TouchCard,
  TouchOfContact,
  TouchSummary,
} from './schema.ts'
import { readTouchesOf } from './why.ts'

const OfContact = z.object({ contactId: Id })
const DAYS_MAX = 92
const Span = z.object({ from: Day, to: Day })

/** Who may be reached and how often; what was planned and what became of it; what people agreed to. */
export function registerTouchRoutes(app: App, deps: RouteDeps): void {
  registerPolicy(app, deps)
  registerLedger(app, deps)
  registerRefusals(app, deps)
  registerAgreements(app, deps)
}

function registerPolicy(app: App, { db, work }: RouteDeps): void {
  app.get('/api/touch-policy', {
    config: { access: 'touches.read' },
    schema: { operationId: 'readTouchPolicy', response: { 200: PolicyView, '4xx': Problem } },
    async handler({ actor }) {
      const policy = await inCorp(db, actor.corpId, (tx) => readPolicy(tx, actor.corpId))
      return { ...policy, savedAt: policy.savedAt?.toISOString() ?? null }
    },
  })
  app.put('/api/touch-policy', {
    config: { access: 'touches.govern' },
    schema: {
      operationId: 'saveTouchPolicy',
      body: Policy.extend({ version: z.number().int().min(0) }),
      response: { 200: z.object({ version: z.number().int() }), '4xx': Problem },
    },
    async handler({ actor, body: { version, ...policy } }) {
      requireWholeCorp(actor)
      const at = work.clock.now()
      return inCorp(db, actor.corpId, async (tx) => {
        const saved = await savePolicy(tx, actor.corpId, policy, version, actor.name, at)
        await recordAudit(tx, actor, {
          action: 'touch_policy.save',
          kind: 'touch_policy',
          id: String(saved),
          detail: policy,
          at,
        })
        return { version: saved }
      })
    },
  })
  app.post('/api/touch-policy/replay', {
    config: { access: 'touches.govern' },
    schema: {
      operationId: 'replayTouchPolicy',
      body: Span.extend({ policy: Policy }),
      response: { 200: Replay, '4xx': Problem },
    },
    handler({ actor, body: { policy, ...span } }) {
      requireWholeCorp(actor)
      requireShort(span)
      return inCorp(db, actor.corpId, (tx) => replay(tx, actor.corpId, policy, span))
    },
  })
}

function requireShort({ from, to }: z.infer<typeof Span>): void {
  const days = dayCount(from, to)
  if (days < 1 || days > DAYS_MAX) throw new SpanTooLong({ days: DAYS_MAX })
}

function registerLedger(app: App, { db, work }: RouteDeps): void {
  app.get('/api/touches', {
    config: { access: 'touches.read' },
    schema: { operationId: 'listTouches', querystring: Span, response: { 200: z.array(TouchSummary), '4xx': Problem } },
    handler({ actor, query }) {
      requireWholeCorp(actor)
      requireShort(query)
      return inCorp(db, actor.corpId, (tx) => readTouchDays(tx, actor.corpId, query))
    },
  })
  app.get('/api/contacts/:contactId/touches', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listTouchesOfContact',
      params: OfContact,
      querystring: z.object({ beforeDay: Day.optional(), beforeId: Id.optional() }),
      response: {
        200: z.object({ items: z.array(TouchOfContact), next: z.object({ day: Day, touchId: Id }).nullable() }),
        '4xx': Problem,
      },
    },
    handler: ({ actor, params, query: { beforeDay, beforeId } }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        const before = beforeDay && beforeId ? { day: beforeDay, touchId: beforeId } : undefined
        return readTouchesOf(tx, actor.corpId, contactId, before)
      }),
  })
  app.get('/api/contacts/:contactId/touch-card', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readTouchCard', params: OfContact, response: { 200: TouchCard, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const { corpId, scope } = actor
        const contactId = await requireContact(tx, corpId, params.contactId, scope)
        const at = work.clock.now()
        const mass = await readBudgets(tx, corpId, [contactId], { channel: 'mass', at })
        const moment = await readBudgets(tx, corpId, [contactId], { channel: 'moment', at })
        const { items } = await listRefusals(tx, corpId, { contactId, scope, now: at })
        return {
          budgets: [mass.get(contactId)!, moment.get(contactId)!],
          refusals: items.map(({ contactId: _, contactName: __, ...refusal }) => refusal),
          agreements: await readAgreements(tx, corpId, contactId),
        }
      }),
  })
}

/** Does something about a customer the actor sees, and writes down that he did, in one transaction. */
function writeAbout({ db, work }: RouteDeps) {
  return async (
    actor: Actor,
    askedId: string,
    { action, detail }: { action: string; detail: Record<string, unknown> },
    write: (tx: Tx, contactId: string, at: Date) => Promise<unknown>,
  ): Promise<void> => {
    const at = work.clock.now()
    await inCorp(db, actor.corpId, async (tx) => {
      const contactId = await requireContact(tx, actor.corpId, askedId, actor.scope)
      if ((await write(tx, contactId, at)) === false) return // nothing was there to change
      await recordAudit(tx, actor, { action, kind: 'contact', id: contactId, detail, at })
    })
  }
}

function registerRefusals(app: App, deps: RouteDeps): void {
  const { db, work } = deps
  const about = writeAbout(deps)
  app.get('/api/touch-refusals', {
    config: { access: 'touches.read' },
    schema: {
      operationId: 'listTouchRefusals',
      querystring: z.object({ before: Text.max(80).optional() }),
      response: { 200: z.object({ items: z.array(RefusalView), next: z.string().nullable() }), '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        listRefusals(tx, actor.corpId, { before: query.before, scope: actor.scope, now: work.clock.now() }),
      ),
  })
  app.put('/api/contacts/:contactId/touch-refusal', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'refuseTouches',
      params: OfContact,
      body: NewRefusal,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await about(actor, params.contactId, { action: 'touch.refuse', detail: body }, (tx, contactId, at) =>
        refuse(tx, actor.corpId, [contactId], body, actor.name, at),
      )
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/contacts/:contactId/touch-refusal', {
    config: { access: 'contacts.write' },
    schema: { operationId: 'allowTouches', params: OfContact, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await about(actor, params.contactId, { action: 'touch.allow', detail: {} }, async (tx, contactId, at) => {
        const lifted = await lift(tx, actor.corpId, [contactId], actor.name, at)
        return lifted.length > 0
      })
      return reply.code(204).send(null)
    },
  })
}

function registerAgreements(app: App, deps: RouteDeps): void {
  const { db, work } = deps
  const about = writeAbout(deps)
  app.get('/api/agreement-texts', {
    config: { access: 'touches.read' },
    schema: { operationId: 'listAgreementTexts', response: { 200: z.array(AgreementTextView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readTexts(tx, actor.corpId)),
  })
  app.post('/api/agreement-texts', {
    config: { access: 'touches.govern' },
    schema: {
      operationId: 'writeAgreementText',
      body: NewAgreementText,
      response: { 201: z.object({ version: z.number().int() }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      requireWholeCorp(actor)
      const at = work.clock.now()
      const version = await inCorp(db, actor.corpId, async (tx) => {
        const written = await writeText(tx, actor.corpId, body.kind, body.body, actor.name, at)
        await recordAudit(tx, actor, {
          action: 'agreement_text.write',
          kind: 'agreement_text',
          id: body.kind,
          detail: { version: written, body: body.body },
          at,
        })
        return written
      })
      return reply.code(201).send({ version })
    },
  })
  app.post('/api/contacts/:contactId/agreements', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'giveAgreement',
      params: OfContact,
      body: NewAgreement,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await about(actor, params.contactId, { action: 'agreement.give', detail: body }, (tx, contactId, at) =>
        agree(tx, actor.corpId, contactId, body, actor.name, at),
      )
      return reply.code(204).send(null)
    },
  })
  app.post('/api/contacts/:contactId/agreements/withdraw', {
    config: { access: 'contacts.write' },
    schema: {
      operationId: 'withdrawAgreement',
      params: OfContact,
      body: NewAgreement,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await about(actor, params.contactId, { action: 'agreement.withdraw', detail: body }, (tx, contactId, at) =>
        withdraw(tx, actor.corpId, contactId, body, actor.name, at),
      )
      return reply.code(204).send(null)
    },
  })
}
