import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isPerson } from '../../../platform/browser.ts'
import { type Db, inCorp } from '../../../platform/db.ts'
import { drawQrPng } from '../../../platform/draw-qr.ts'
import type { App } from '../../../platform/http.ts'
import { sha256 } from '../../../platform/secrets.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { countScan } from './count-scan.ts'
import { goneLanding, LANDING_STYLE, landingPage } from './page.ts'

const VISITOR_COOKIE = 'siyu_visitor'
const VISITOR_DAYS = 30
const VISITOR_ID = /^[\w-]{22}$/
const QR_SIZE = 528 // 264 on a phone with two pixels to one

const Params = z.object({ landingKey: z.string().regex(/^[\w-]{6,20}$/) })
/** Nothing but our own style and our own picture. */
const POLICY = `default-src 'none'; img-src 'self'; style-src 'sha256-${sha256(LANDING_STYLE).toString('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*`

/** The counted way to a code: public, for customers. */
export async function registerLandingRoutes(app: App, { db, work }: Pick<RouteDeps, 'db' | 'work'>): Promise<void> {
  app.get(
    '/c/:landingKey',
    { config: { access: 'public' }, schema: { hide: true, params: Params } },
    async (request, reply) => {
      const found = await findLanding(db, request.params.landingKey)
      if (!found) return sendPage(reply.code(404), goneLanding())
      if (request.method === 'GET' && isPerson(request))
        await countScan(db, found.corpId, found.channelCodeId, knownVisitor(request, reply), work.clock.now())
      return sendPage(
        reply,
        landingPage({
          corpName: found.corpName,
          greeters: found.greeters,
          qrSrc: found.qrContent ? `/c/${request.params.landingKey}/qr.png` : undefined,
        }),
      )
    },
  )

  app.get(
    '/c/:landingKey/qr.png',
    { config: { access: 'public' }, schema: { hide: true, params: Params } },
    async (request, reply) => {
      const found = await findLanding(db, request.params.landingKey)
      if (!found?.qrContent) return reply.code(404).send('')
      return reply
        .type('image/png')
        .header('cache-control', 'public, max-age=300')
        .header('x-content-type-options', 'nosniff')
        .send(await drawQrPng(found.qrContent, { size: QR_SIZE, logo: true }))
    },
  )
}

async function findLanding(db: Db, landingKey: string) {
  const landing = await db
    .selectFrom('landing')
    .innerJoin('corp', 'corp.corpId', 'landing.corpId')
    .select(['landing.corpId', 'landing.channelCodeId', 'corp.name as corpName'])
    .where('landingKey', '=', landingKey)
    .executeTakeFirst()
  if (!landing) return undefined
  const { corpId, channelCodeId } = landing
  return inCorp(db, corpId, async (tx) => {
    const code = await tx
      .selectFrom('channelCode')
      .select('qrContent')
      .where('corpId', '=', corpId)
      .where('channelCodeId', '=', channelCodeId)
      .where('removedAt', 'is', null)
      .executeTakeFirst()
    if (!code) return undefined
    const staff = await tx
      .selectFrom('channelCodeStaff')
      .innerJoin('staff', (j) =>
        j.onRef('staff.corpId', '=', 'channelCodeStaff.corpId').onRef('staff.staffId', '=', 'channelCodeStaff.staffId'),
      )
      .select('staff.name')
      .where('channelCodeStaff.corpId', '=', corpId)
      .where('staff.corpId', '=', corpId)
      .where('channelCodeId', '=', channelCodeId)
      .where('leftAt', 'is', null)
      .orderBy('staff.staffId')
      .execute()
    return { ...landing, qrContent: code.qrContent, greeters: staff.map((s) => s.name) }
  })
}

function sendPage(reply: FastifyReply, html: string) {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff')
    .send(html)
}

/** A random mark of this browser, of no use but to tell a reload from a second person. */
function knownVisitor(request: FastifyRequest, reply: FastifyReply): string {
  const known = request.cookies[VISITOR_COOKIE]
  if (known && VISITOR_ID.test(known)) return known
  const visitor = randomBytes(16).toString('base64url')
  reply.setCookie(VISITOR_COOKIE, visitor, {
    path: '/c',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: VISITOR_DAYS * 24 * 3600,
  })
  return visitor
}
