import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { deviceOf, isPerson, knownDevice, signsInSilently } from '../../../../platform/browser.ts'
import { inCorp, type Tx } from '../../../../platform/db.ts'
import { NotFound, Problem } from '../../../../platform/errors.ts'
import type { App } from '../../../../platform/http.ts'
import { Id } from '../../../../platform/id.ts'
import type { MobilePages } from '../../../../platform/mobile-pages.ts'
import type { Identifier } from '../../../contacts/identifiers.ts'
import { rootsOf } from '../../../contacts/merge-contacts.ts'
import { findContacts } from '../../../contacts/service.ts'
import type { RouteDeps } from '../../../corps/context.ts'
import { sendToSignIn } from '../../../staff/mobile/pages.ts'
import type { Visitor } from '../../../staff/mobile/sessions.ts'
import { readFileBytes, readFiles } from '../../files/store.ts'
import { ViewUnknown } from '../errors.ts'
import { PAGES_MAX, SECONDS_MAX, Token } from '../schema.ts'
import { createLinkFinder, type FoundLink } from './find-link.ts'
import { createListener } from './listener.ts'
import { contactMark, deviceMark, setQuiet, whoIsQuiet } from './quiet.ts'
import { sayPage } from './say-page.ts'
import { sendFilePart } from './send-part.ts'
import { newViewId, openView, sealView, type ViewToken } from './view-token.ts'

/** Whole towns come from one address of a phone network. */
const RATE = { rateLimit: { max: 12_000, timeWindow: '1 minute' } }

const Sealed = z.string().regex(/^[\w-]{60,600}$/)
const BeatBody = z.object({
  view: Sealed,
  /** Counts up with each beat of a reading. */
  n: z.number().int().min(1).max(100_000),
  /** Seconds it has been seen, in all. */
  seconds: z.number().min(0).max(SECONDS_MAX),
  depth: z.number().int().min(0).max(100),
  /** Of a PDF: seconds by page, through the farthest. */
  pages: z.array(z.number().int().min(0).max(SECONDS_MAX)).max(PAGES_MAX).default([]),
  /** The reader is leaving. */
  bye: z.boolean().default(false),
})
const HeardBody = z.object({ counted: z.boolean(), ended: z.boolean(), forward: Token.nullable() })

/** What readers see, and what their pages say: public, for customers. */
export function registerReading(app: App, deps: RouteDeps & { pages: MobilePages }): void {
  const { db, work, pages, demo } = deps
  const find = createLinkFinder({ db, clock: work.clock })
  const listen = createListener({ db, vault: work.vault, clock: work.clock })

  app.get(
    '/r/:token',
    {
      config: { access: 'public', ...RATE },
      schema: {
        hide: true,
        params: z.object({ token: z.string().max(60) }),
        querystring: z.object({
          /** Back from WeCom's sign-in. */
          in: z.literal('1').optional(),
          /** Sign in anew, whoever was signed in before. */
          fresh: z.literal('1').optional(),
        }),
      },
    },
    async (request, reply) => {
      const { token } = request.params
      const link = Token.safeParse(token).success ? await find(token) : undefined
      reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex, nofollow')
      if (!link) return pages.send(request, reply.code(404), 'read', { is: 'gone' })
      const { in: isBack, fresh } = request.query
      const visitor = fresh ? undefined : visitorOf(request, link.corpId)
      if (!visitor && isBack !== '1' && link.wecomCorpid && signsInSilently(request, demo))
        return sendToSignIn({ work, db }, reply, {
          wecomCorpid: link.wecomCorpid,
          kind: 'customer',
          target: `/r/${token}?in=1`,
        })
      const device = deviceOf(request, reply)
      const state = await standing(deps, link, visitor, device)
      return pages.send(request, reply, 'read', {
        ...sayPage(link, token, work.publicUrl),
        view: sealView(work.vault, newView(link, device)),
        ...state,
        // Phones of the simulator share a browser: each asks whose page it holds.
        ...(demo ? { phone: visitor?.externalUserid ?? visitor?.openid ?? visitor?.staffId ?? '' } : {}),
      })
    },
  )

  app.post('/api/m/radar/views', {
    config: { access: 'public', ...RATE },
    schema: {
      operationId: 'beginReading',
      body: z.object({ token: Token }),
      response: { 200: z.object({ view: Sealed }), '4xx': Problem },
    },
    async handler(request, reply) {
      const link = await find(request.body.token)
      if (!link) throw new NotFound({ what: '链接' })
      return { view: sealView(work.vault, newView(link, deviceOf(request, reply))) }
    },
  })

  app.post('/api/m/radar/beats', {
    config: { access: 'public', ...RATE },
    schema: { operationId: 'tellReading', body: BeatBody, response: { 200: HeardBody, '4xx': Problem } },
    async handler(request) {
      const { view: sealed, ...beat } = request.body
      const view = viewOf(work.vault, sealed, request)
      const visitor = visitorOf(request, view.corpId)
      // A machine, or a colleague who has a look at what he sends: nothing to count.
      if (!isPerson(request) || visitor?.staffId) return { counted: false, ended: false, forward: null }
      const ids = await idsOf(deps, view.corpId, visitor)
      return listen({ ...beat, view, ids, heardMs: Date.now() })
    },
  })

  app.put('/api/m/radar/quiet', {
    config: { access: 'public', ...RATE },
    schema: {
      operationId: 'setReadingQuiet',
      body: z.object({ view: Sealed, quiet: z.boolean() }),
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler(request, reply) {
      const view = viewOf(work.vault, request.body.view, request)
      const visitor = visitorOf(request, view.corpId)
      await setQuiet({ db }, view, (tx) => contactOf(tx, view.corpId, visitor), request.body.quiet, work.clock.now())
      return reply.code(204).send(null)
    },
  })

  app.get(
    '/r/:token/files/:fileId',
    { config: { access: 'public', ...RATE }, schema: { hide: true, params: z.object({ token: Token, fileId: Id }) } },
    async (request, reply) => {
      const { token, fileId } = request.params
      const link = await find(token)
      if (!link?.material.fileIds.includes(fileId)) throw new NotFound({ what: '文件' })
      const file = (await inCorp(db, link.corpId, (tx) => readFiles(tx, link.corpId, [fileId]))).get(fileId)
      if (!file) throw new NotFound({ what: '文件' })
      return sendFilePart(request, reply, file, await readFileBytes(work.dataDir, link.corpId, file))
    },
  )
}

const visitorOf = (request: FastifyRequest, corpId: string): Visitor | undefined =>
  request.visitor?.corpId === corpId ? request.visitor : undefined

const newView = (link: FoundLink, device: string): ViewToken => ({
  viewId: newViewId(Date.now()),
  corpId: link.corpId,
  linkId: link.linkId,
  version: link.material.version,
  issuedMs: Date.now(),
  device,
})

function viewOf(vault: RouteDeps['work']['vault'], sealed: string, request: FastifyRequest): ViewToken {
  const device = knownDevice(request)
  const view = device ? openView(vault, sealed, device) : undefined
  if (!view) throw new ViewUnknown()
  return view
}

/** As WeCom has told it: a name nobody can make up. */
async function idsOf({ db }: RouteDeps, corpId: string, visitor: Visitor | undefined): Promise<Identifier[]> {
  if (!visitor) return []
  const { externalUserid, openid } = visitor
  const ids: Identifier[] = []
  if (externalUserid) ids.push({ kind: 'external_userid', value: externalUserid, trust: 2 })
  if (openid) ids.push({ kind: 'openid', value: `${await corpidOf(db, corpId)}:${openid}`, trust: 2 })
  return ids
}

async function corpidOf(db: RouteDeps['db'], corpId: string): Promise<string> {
  const { wecomCorpid } = await db
    .selectFrom('corp')
    .select('wecomCorpid')
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  return wecomCorpid ?? corpId
}

/** Who he is here, if anybody knows yet. */
async function contactOf(tx: Tx, corpId: string, visitor: Visitor | undefined): Promise<string | undefined> {
  if (!visitor?.externalUserid) return undefined
  const contactId = (await findContacts(tx, corpId, 'external_userid', [visitor.externalUserid])).get(
    visitor.externalUserid,
  )
  return contactId && ((await rootsOf(tx, corpId, [contactId])).get(contactId) ?? contactId)
}

/** What the page says of seeing and being seen to this very reader. */
async function standing({ db }: RouteDeps, link: FoundLink, visitor: Visitor | undefined, device: string) {
  return inCorp(db, link.corpId, async (tx) => {
    const contactId = await contactOf(tx, link.corpId, visitor)
    const quiet = await whoIsQuiet(tx, link.corpId, [
      deviceMark(device),
      ...(contactId ? [contactMark(contactId)] : []),
    ])
    const friend =
      contactId !== undefined &&
      (await tx
        .selectFrom('follow')
        .select('staffId')
        .where('corpId', '=', link.corpId)
        .where('contactId', '=', contactId)
        .where('staffId', '=', link.staffId)
        .where('lostAt', 'is', null)
        .executeTakeFirst()) !== undefined
    return { quiet: quiet.size > 0, friend, preview: Boolean(visitor?.staffId) }
  })
}
