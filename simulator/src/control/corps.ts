import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { verifyReceiver } from '../outbox/verify.ts'
import type { Corp } from '../world/corp.ts'
import { generateCorp } from '../world/generate.ts'
import type { World } from '../world/world.ts'
import { corpOf } from './found.ts'

const Options = z
  .strictObject({
    rateLimits: z.boolean(),
    consoleWelcome: z.string().nullable(),
    trustedIps: z.array(z.string()),
    trustedDomains: z.array(z.string()),
    callbackConcurrency: z.int().min(1).max(64),
    callbackRetryMs: z.array(z.int().min(0)).max(10),
    sameToken: z.boolean(),
    emptyCustomerList: z.enum(['84061', 'empty']),
    legacyMemberFields: z.boolean(),
    tagsMax: z.int().min(1),
    massQuota: z.enum(['month-days', 'week-7', 'day-1', 'month-4']),
    massCreationMs: z.int().min(0).max(600_000),
    massConcurrency: z.int().min(1),
    momentsPerDay: z.int().min(1).nullable(),
    membersAct: z.boolean(),
    byHand: z.boolean(),
  })
  .partial()

const NewCorpBody = z.strictObject({
  name: z.string().min(1).max(60),
  /** Creating with a known key returns the corp that has it. */
  key: z.string().min(1).max(100).optional(),
  options: Options.optional(),
  persist: z.boolean().default(true),
  generate: z
    .strictObject({
      customers: z.int().min(0).max(2_000_000),
      followersEach: z.int().min(1).max(50).default(1),
      staff: z.int().min(1).max(1000).default(24),
      tags: z.int().min(0).max(1000).default(20),
    })
    .optional(),
})

export const ReceiverBody = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().regex(/^[A-Za-z0-9]{1,32}$/),
  encodingAesKey: z.string().regex(/^[A-Za-z0-9]{43}$/),
  /** The app's own receiver, the contact-sync assistant's, or the same for both. */
  purpose: z.enum(['app', 'contacts', 'both']).default('both'),
})

const ShopBody = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }),
  serverKey: z.string().regex(/^sk_[\w-]{43}$/),
  webKey: z.string().regex(/^wk_[\w-]{43}$/),
})

export function corpView(world: World, corp: Corp) {
  const { corpid, key, name, agentId, appSecret, contactSecret, receivers, shop, options, persist } = corp.info
  return {
    corpid,
    key,
    name,
    agentId,
    secret: appSecret,
    contactSecret,
    receivers,
    shop,
    options,
    persist,
    counts: {
      staff: corp.staff.size,
      departments: corp.departments.size,
      customers: corp.customerCount,
      people: corp.customers.size,
      follows: corp.followCount,
      contactWays: corp.contactWays.size,
      groups: corp.groups.size,
      tags: corp.tags.size,
      pendingCallbacks: world.outbox.state(corp).waiting + world.outbox.state(corp).inFlight,
    },
  }
}

export function corpRoutes(scope: FastifyInstance, { world, credentials, rates }: Platform): void {
  scope.get('/corps', async () => ({ corps: [...world.corps.values()].map((corp) => corpView(world, corp)) }))

  scope.post('/corps', async (request, reply) => {
    const { generate, ...wanted } = NewCorpBody.parse(request.body)
    const known = wanted.key === undefined ? undefined : world.findCorpByKey(wanted.key)
    if (known) return corpView(world, known)
    const corp = world.createCorp(wanted)
    if (generate) await generateCorp(world, corp, generate)
    // What was said to be made is there after a kill, too.
    world.store.flush()
    return reply.code(201).send(corpView(world, corp))
  })

  scope.get('/corps/:corpid', async (request) => corpView(world, corpOf(world, request)))

  scope.patch('/corps/:corpid', async (request) => {
    const corp = corpOf(world, request)
    const { options } = z.strictObject({ options: Options }).parse(request.body)
    Object.assign(corp.info.options, options)
    if (options.rateLimits === false) rates.clear()
    corp.saveInfo()
    return corpView(world, corp)
  })

  scope.put('/corps/:corpid/receiver', async (request, reply) => {
    const corp = corpOf(world, request)
    const { purpose, ...receiver } = ReceiverBody.parse(request.body)
    const verification = await verifyReceiver(world, corp.info.corpid, receiver)
    // As in the console: an address that fails the check is not saved.
    if (!verification.verified)
      return reply.code(422).send({ code: 'receiver.refused', message: verification.reason, ...verification })
    if (purpose !== 'contacts') corp.info.receivers.app = { ...receiver }
    if (purpose !== 'app') corp.info.receivers.contacts = { ...receiver }
    corp.saveInfo()
    return verification
  })

  scope.put('/corps/:corpid/shop', async (request) => {
    const corp = corpOf(world, request)
    corp.info.shop = ShopBody.parse(request.body)
    corp.saveInfo()
    return corpView(world, corp)
  })

  scope.post('/corps/:corpid/revoke-tokens', async (request) => ({
    revoked: credentials.revoke(corpOf(world, request).info.corpid),
  }))

  /** What an administrator does with 重置 Secret: the old one, and all tokens got by it, are worth nothing from now on. */
  scope.post('/corps/:corpid/reset-secret', async (request) => {
    const corp = corpOf(world, request)
    corp.info.appSecret = corp.makeId('', 43) // saves
    credentials.revoke(corp.info.corpid)
    return { secret: corp.info.appSecret }
  })

  scope.get('/corps/:corpid/outbox', async (request) => world.outbox.state(corpOf(world, request)))
}
