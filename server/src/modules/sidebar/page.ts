import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { DomainError, NotFound } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { MobilePages } from '../../platform/mobile-pages.ts'
import type { RouteDeps } from '../corps/context.ts'
import { ownPageUrl, type PageSignature, signPage } from '../corps/jssdk.ts'
import { memberAccess } from '../staff/access.ts'
import { memberOf, sendToSignIn } from '../staff/mobile/pages.ts'
import { mobileRefusal } from '../staff/refusal-page.ts'
import { WecomCorpid } from '../staff/schema.ts'

const Opened = z.object({
  corp: WecomCorpid,
  /** Sign in anew, whoever was signed in before. */
  fresh: z.literal('1').optional(),
})
/** A page is not kept waiting for WeCom: without a signature it asks for one itself. */
const SIGNED_WITHIN_MS = 1_500

/** The page beside a chat. Its address names the corp; who opens it, WeCom says. It comes with its signature, so that the client can be asked at once. */
export function registerSidebarPage(app: App, { db, work, pages }: RouteDeps & { pages: MobilePages }): void {
  const open = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { corp: wecomCorpid, fresh }: z.infer<typeof Opened>,
  ) => {
    const corp = await db
      .selectFrom('corp')
      .select(['corpId', 'name', 'agentId'])
      .where('wecomCorpid', '=', wecomCorpid)
      .executeTakeFirst()
    if (!corp) throw new NotFound({ what: '企业' })
    const member = fresh ? undefined : await memberOf({ work, db }, request, corp.corpId)
    if (!member) {
      const target = `/m/sidebar?corp=${encodeURIComponent(wecomCorpid)}`
      return sendToSignIn({ work, db }, reply, { wecomCorpid, kind: 'member', target })
    }
    const url = ownPageUrl(work.publicUrl, `${work.publicUrl}${request.url}`)
    const { permissions } = await memberAccess(db, corp.corpId, member)
    return pages.send(request, reply, 'sidebar', {
      corp: { id: wecomCorpid, name: corp.name, agentId: corp.agentId },
      me: { name: member.name, staffId: member.staffId, userid: member.userid, permissions },
      // Who, by WeCom's word, holds the phone.
      phone: member.userid,
      sign: url ? await soon(signPage(work, corp.corpId, url, new Date())) : null,
    })
  }
  app.get(
    '/m/sidebar',
    { config: { access: 'public' }, schema: { hide: true, querystring: Opened } },
    async (request, reply) => {
      try {
        return await open(request, reply, request.query)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        return reply.code(error.status).type('text/html; charset=utf-8').send(mobileRefusal(error.message))
      }
    },
  )
}

/** The signature if it comes in time; what went wrong is told where the page asks again. */
async function soon(signing: Promise<PageSignature>): Promise<PageSignature | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, SIGNED_WITHIN_MS, null)
  })
  try {
    return await Promise.race([signing.catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}
