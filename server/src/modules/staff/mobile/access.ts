import type { FastifyRequest } from 'fastify'
import { NotAllowed, SignInRequired } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { memberAccess } from '../access.ts'
import { KNOWN } from '../permissions.ts'
import { findMobileMember, findVisitor, mobileCookie, type Visitor } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The customer who opened the page, where one is signed in: on mobile routes that are `public` or for a `visitor`. */
    visitor: Visitor | null
  }
}

/** Beside the words of permissions: any member who is signed in, and any customer who is. */
const MOBILE_KNOWN: ReadonlySet<string> = new Set([...KNOWN, 'member', 'visitor'])
/** Words of the console that have no meaning inside WeCom. */
const CONSOLE_ONLY = ['session', 'corps.own']
const UNDER = /^\/(api\/m|m|r|f)(\/|$)/

/**
 * Gives every later route its member or its customer by the cookies of mobile pages, which are honoured here and nowhere
 * else, as the console's is not honoured here. A route that declares an unknown word, or stands elsewhere, stops the boot.
 */
export async function addMobileSignIn(app: App, { db, work }: RouteDeps): Promise<void> {
  const cookies = { member: mobileCookie(work.publicUrl, 'member'), customer: mobileCookie(work.publicUrl, 'customer') }
  app.decorateRequest('actor', null as unknown as Actor)
  app.decorateRequest('visitor', null)
  app.addHook('onRoute', ({ url, config }) => {
    if (!UNDER.test(url)) throw new Error(`mobile route ${url} stands outside /api/m, /m, /r and /f`)
    const access = config?.access
    if (access === undefined) return
    if (!MOBILE_KNOWN.has(access) || CONSOLE_ONLY.includes(access))
      throw new Error(`mobile route ${url} declares the unknown word ${access}`)
  })
  const readActor = async (request: FastifyRequest, touch: boolean): Promise<Actor | 'nobody' | 'not allowed'> => {
    const value = request.cookies[cookies.member]
    const member = value ? await findMobileMember(db, value, new Date(), { touch }) : undefined
    if (!member) return 'nobody'
    const { accountId, corpId, name, role, staffId } = member
    const access = await memberAccess(db, corpId, member)
    const wanted = request.routeOptions.config.access!
    if (wanted !== 'member' && !access.permissions.includes(wanted)) return 'not allowed'
    // WeCom has just vouched for him: no second factor of ours could say more.
    const himself = { accountId, corpId, name, role, staffId, viewing: null, factorMissing: false }
    return { ...himself, ...access, ip: request.ip, requestId: request.id }
  }
  app.decorateRequest('actorNow', async function actorNow(this: FastifyRequest) {
    const actor = await readActor(this, false)
    return typeof actor === 'string' ? undefined : actor
  })
  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    if (access === undefined) return
    if (access === 'public' || access === 'visitor') {
      const value = request.cookies[cookies.customer]
      request.visitor = (value && (await findVisitor(db, value, new Date()))) || null
      if (access === 'visitor' && !request.visitor) throw new SignInRequired()
      return
    }
    const actor = await readActor(request, true)
    if (actor === 'nobody') throw new SignInRequired()
    if (actor === 'not allowed') throw new NotAllowed()
    request.actor = actor
  })
}
