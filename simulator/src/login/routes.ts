import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Platform } from '../api/endpoint.ts'
import type { Corp } from '../world/corp.ts'
import { readActing } from './acting.ts'
import { choicePage, refusalPage } from './page.ts'

/** path/91022 and path/98152, 2026-11. */
const STATE = /^[a-zA-Z0-9_-]{0,128}$/

interface LoginRequest {
  corpid: string
  redirectUri: string
  state: string
  scope: string
}

/** The two ways a browser gets a code: inside the client (OAuth2) and on a desktop page (web login). */
export function registerLogin(app: FastifyInstance, { world, credentials }: Platform): void {
  const redirect = (reply: FastifyReply, login: LoginRequest, userid: string) => {
    const corp = world.corps.get(login.corpid)!
    const isCustomer = !corp.findStaff(userid)
    const url = new URL(login.redirectUri)
    url.searchParams.set(
      'code',
      credentials.issueCode({ corpid: login.corpid, userid, isCustomer, scope: login.scope }),
    )
    url.searchParams.set('state', login.state)
    world.wire.log({
      at: world.clock.virtualMs(),
      corpid: login.corpid,
      direction: 'page',
      api: `302 ${url.origin}${url.pathname}?code`,
      sentence: `${corp.findStaff(userid)?.name ?? corp.customers.get(userid)?.name}扫码，带着登录码回到系统`,
      result: '302',
      ok: true,
      ms: 0,
    })
    return reply.redirect(url.href, 302)
  }
  const refuse = (reply: FastifyReply, errcode: number, sentence: string) =>
    reply.code(400).type('text/html; charset=utf-8').send(refusalPage(errcode, sentence))

  const problemOf = ({ corpid, redirectUri, state }: LoginRequest): [number, string] | undefined => {
    const corp = world.corps.get(corpid)
    if (!corp) return [40013, '没有这个企业：corpid 不对']
    if (!URL.canParse(redirectUri) || !/^https?:/.test(redirectUri)) return [50001, 'redirect_uri 不是网址']
    const { trustedDomains } = corp.info.options
    const { host } = new URL(redirectUri)
    if (trustedDomains.length > 0 && !trustedDomains.includes(host))
      return [50001, `${host} 不是可信域名，端口也要一致`]
    return STATE.test(state) ? undefined : [40058, 'state 只能是字母和数字，最多 128 字节']
  }

  app.get('/connect/oauth2/authorize', async (request, reply) => {
    const query = request.query as Record<string, string | undefined>
    const login = {
      corpid: query.appid ?? '',
      redirectUri: query.redirect_uri ?? '',
      state: query.state ?? '',
      // Without an agentid a wish for private details is silently treated as base.
      scope: query.scope === 'snsapi_privateinfo' && query.agentid ? 'snsapi_privateinfo' : 'snsapi_base',
    }
    const problem = problemOf(login)
    if (problem) return refuse(reply, ...problem)
    const corp = world.corps.get(login.corpid)!
    // Inside the client there is nothing to choose: whoever holds the phone is signed in, silently.
    const acting = readActing(request.headers.cookie, login.corpid)
    if (acting && (corp.findStaff(acting) || corp.customers.has(acting))) return redirect(reply, login, acting)
    return reply.type('text/html; charset=utf-8').send(pageFor(corp, login, '谁在企业微信里打开了这个页面？'))
  })

  app.get('/wwlogin/sso/login', async (request, reply) => {
    const query = request.query as Record<string, string | undefined>
    const login = {
      corpid: query.appid ?? '',
      redirectUri: query.redirect_uri ?? '',
      state: query.state ?? '',
      scope: 'login',
    }
    const problem = problemOf(login)
    if (problem) return refuse(reply, ...problem)
    const corp = world.corps.get(login.corpid)!
    if (Number(query.agentid) !== corp.info.agentId) return refuse(reply, 40056, 'agentid 不对')
    return reply.type('text/html; charset=utf-8').send(pageFor(corp, login, '选一位成员来扫码。'))
  })

  app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, Object.fromEntries(new URLSearchParams(body as string)))
    })
    scope.post('/wwlogin/scan', async (request, reply) => {
      const {
        corpid = '',
        redirectUri = '',
        state = '',
        scope: asked = '',
        userid = '',
      } = request.body as Record<string, string>
      const login = { corpid, redirectUri, state, scope: asked }
      const problem = problemOf(login)
      if (problem) return refuse(reply, ...problem)
      if (!world.corps.get(corpid)!.findStaff(userid)) return refuse(reply, 60111, '没有这个成员')
      return redirect(reply, login, userid)
    })
    done()
  })
}

function pageFor(corp: Corp, login: LoginRequest, lead: string): string {
  const people = [...corp.staff.values()].filter((staff) => staff.status === 1)
  const choice = (staff: (typeof people)[number]) => ({
    id: staff.userid,
    name: staff.name,
    note: [corp.departments.get(staff.departmentIds[0] ?? 0)?.name, staff.position].filter(Boolean).join(' · '),
  })
  const admins = people.filter((staff) => staff.admin)
  const others = people.filter((staff) => !staff.admin)
  const groups = [
    { title: '管理员', people: admins.map(choice) },
    { title: '成员', people: others.map(choice) },
  ].filter((group) => group.people.length > 0)
  return choicePage({ corpName: corp.info.name, lead, groups, hidden: { ...login } })
}
